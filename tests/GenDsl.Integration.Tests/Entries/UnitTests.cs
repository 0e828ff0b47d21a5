using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ranges;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Entries;

/// <summary>Directions.</summary>
public sealed class UnitTests
{
    [Fact]
    public void Directions_AreOfFeatures_OrOfSamples_AndOfAnyLength()
    {
        var net = new CompiledNet("net N(x: [c, h, w]) {\n    param q: [3, 2] = normal(0, 1)\n    (unit(x), unit(q), x |> unit(per: sample))\n}");
        Assert.Equal((Access.Everything, new Interval(-1, 1)), (net.Op.Access, net.Op.Outputs[0].Type.Range));
        foreach (double scale in new[] { 1, 1e-300, 1e300 })
        {
            using Tensor plain = CompiledNet.Normal(3, 4, 2, 5);
            using Tensor x = plain * scale;
            Tensor[] y = net.RunAll(x);
            Runtime.TensorAssert.Close(plain / plain.square().sum([1L], keepdim: true).sqrt(), y[0], 1e-14);
            Runtime.TensorAssert.Close(plain / plain.square().sum([1L, 2, 3], keepdim: true).sqrt(), y[2], 1e-14);
            Tensor q = net.State["q"].Tensor.detach();
            Runtime.TensorAssert.Close(q / q.square().sum([0L], keepdim: true).sqrt(), y[1].detach(), 1e-14);
        }
    }

    [Fact]
    public void NothingHasNoDirection_AndNoSlope()
    {
        var net = new CompiledNet("net N(x: [c]) { unit(x) }");
        using Tensor x = tensor(new double[] { 0, 0, 3, -4 }).reshape(2, 2).requires_grad_();
        using Tensor y = net.Run(x);
        Runtime.TensorAssert.Close(tensor(new double[] { 0, 0, 0.6, -0.8 }).reshape(2, 2), y.detach(), 1e-15);
        using Tensor sum = y.sum();
        Tensor slope = Gradients.Of(sum, [x], differentiable: true)[0]!;
        Runtime.TensorAssert.Close(tensor(new double[] { 0, 0, 0.224, 0.168 }).reshape(2, 2), slope.detach(), 1e-15);
        using Tensor all = slope.sum();
        Assert.True(Gradients.Of(all, [x])[0]!.isfinite().all().item<bool>());
    }

    [Theory]
    [InlineData("x: [3]", "unit", new long[] { 2, 3 })]
    [InlineData("x: [3, 2]", "unit", new long[] { 2, 3, 2 })]
    [InlineData("x: [2, 2, 2]", "unit(per: sample)", new long[] { 2, 2, 2, 2 })]
    public void GradientsAndTheirGradients_AreTheDifferencesOfValues(string data, string layer, long[] shape)
    {
        var net = new CompiledNet($"net N({data}) {{ x |> {layer} }}");
        using Tensor x = CompiledNet.Normal(shape);
        Slopes.Check(_ => net.Run(x), [x]);
    }
}
