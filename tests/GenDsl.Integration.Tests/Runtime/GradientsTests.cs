using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime;

public class GradientsTests
{
    [Fact]
    public void UnreachedTensorsHaveNone()
    {
        using var a = ones(3, requires_grad: true);
        using var b = ones(3, requires_grad: true);
        using var c = full([3], 2f, requires_grad: true);
        using var objective = (a * c).sum();
        var gradients = Gradients.Of(objective, [a, b, c]);
        TensorAssert.Same(c.detach(), gradients[0]!);
        Assert.Null(gradients[1]);
        TensorAssert.Same(a.detach(), gradients[2]!);
        Assert.Null(a.grad);
    }

    [Fact]
    public void GradientsCanBeDifferentiatedAgain()
    {
        using var x = full([2], 3f, requires_grad: true);
        using var cube = x.pow(3).sum();
        using var slope = Gradients.Of(cube, [x], differentiable: true)[0]!;
        using var penalty = slope.sum();
        using var curvature = Gradients.Of(penalty, [x])[0]!;
        TensorAssert.Close(full([2], 18f), curvature, 1e-5);
    }

    [Fact]
    public void AKeptGraphIsReadTwice()
    {
        using var x = full([2], 3f, requires_grad: true);
        using var square = x.pow(2).sum();
        using var first = Gradients.Of(square, [x], keepGraph: true)[0]!;
        using var second = Gradients.Of(square, [x])[0]!;
        TensorAssert.Same(first, second);
    }

    [Fact]
    public void NativeErrorsAreCaught()
    {
        using var x = full([2], 3f, requires_grad: true);
        using var square = x.pow(2).sum();
        Gradients.Of(square, [x])[0]!.Dispose();
        Assert.Contains("second time", Assert.Throws<GenDslException>(() => Gradients.Of(square, [x])).Message);
        using var still = ones(2);
        using var again = x.pow(2).sum();
        Assert.Contains("require", Assert.Throws<GenDslException>(() => Gradients.Of(again, [still])).Message);
    }

    [Fact]
    public void OnlyOneNumberIsAnObjective()
    {
        using var x = ones([2, 3], requires_grad: true);
        Assert.Contains("[2, 3]", Assert.Throws<GenDslException>(() => Gradients.Of(x, [x])).Message);
        using var number = ones(1);
        Assert.Contains("does not depend", Assert.Throws<GenDslException>(() => Gradients.Of(number, [x])).Message);
    }
}
