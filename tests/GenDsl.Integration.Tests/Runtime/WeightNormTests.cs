using System;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime;

public class WeightNormTests
{
    [Theory]
    [InlineData(0, new long[] { 4, 3 })]
    [InlineData(0, new long[] { 4, 3, 2 })]
    [InlineData(0, new long[] { 4, 3, 2, 3 })]
    [InlineData(1, new long[] { 3, 4, 5 })]
    [InlineData(1, new long[] { 3, 4, 2, 3 })]
    public void IsGainTimesDirection_WithItsGradients(int axis, long[] shape)
    {
        var gainShape = shape.Select((size, i) => i == axis ? size : 1).ToArray();
        using var v = Draws.Root(1, CPU, ScalarType.Float64).At("v").Normal(shape).requires_grad_();
        using var g = Draws.Root(1, CPU, ScalarType.Float64).At("g").Uniform(0.5, 2, gainShape).requires_grad_();
        using var direction = Draws.Root(1, CPU, ScalarType.Float64).At("d").Normal(shape);
        var axes = Enumerable.Range(0, shape.Length).Where(i => i != axis).Select(i => (long)i).ToArray();
        using var squares = v.square();
        using var sums = squares.sum(axes, keepdim: true);
        using var norm = sums.sqrt();
        using var scaled = g * v;
        using var expected = scaled / norm;
        using var weight = Layers.WeightNorm(v, g, axis);
        TensorAssert.Close(expected, weight, 1e-12);

        // The gradient, and the gradient of a function of it.
        using var scope = NewDisposeScope();
        var first = (weight * direction).square().sum();
        var second = (expected * direction).square().sum();
        var found = Gradients.Of(first, [v, g], differentiable: true);
        var wanted = Gradients.Of(second, [v, g], differentiable: true);
        for (var i = 0; i < 2; i++)
        {
            TensorAssert.Close(wanted[i]!, found[i]!, 1e-10);
        }

        using var foundSlope = found[0]!.square().sum();
        using var wantedSlope = wanted[0]!.square().sum();
        var foundTwice = Gradients.Of(foundSlope, [v, g]);
        var wantedTwice = Gradients.Of(wantedSlope, [v, g]);
        for (var i = 0; i < 2; i++)
        {
            TensorAssert.Close(wantedTwice[i]!, foundTwice[i]!, 1e-8);
        }

        foreach (var gradient in found.Concat(wanted).Concat(foundTwice).Concat(wantedTwice))
        {
            gradient!.Dispose();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void ItsGainStartsAtTheNormOfItsDirection(int axis)
    {
        using var v = Draws.Root(2, CPU).At("v").Normal(3, 4, 5);
        var build = new Build(1);
        var g = build.Parameter("g", StateRole.Gain, Initializer.NormOf(v, axis), axis == 0 ? [3, 1, 1] : [1, 4, 1]);
        using var weight = Layers.WeightNorm(v, g, axis);
        TensorAssert.Close(v, weight, 1e-6);
    }

    [Fact]
    public void TheFirstCallSetsALayer_AndOnlyInThePass()
    {
        using var gain = full([3, 1], 2f);
        using var bias = full([3], 7f);
        using var first = Draws.Root(3, CPU).At("y").Normal(50, 3).mul_(4).add_(5);
        using var second = first.clone();
        using var kept = first.clone();
        Assert.Throws<InvalidOperationException>(() => Layers.InitialiseFromData(first, gain, bias));
        using (InitialPass.Begin())
        {
            Layers.InitialiseFromData(first, gain, bias);
            Layers.InitialiseFromData(second, gain, bias);
        }

        using var mean = kept.mean([0]);
        using var deviation = kept.std(0, unbiased: false);
        using var expected = (kept - mean) / deviation;
        TensorAssert.Close(expected, first, 1e-5);
        TensorAssert.Same(kept, second);
        using var expectedGain = (2 / deviation).reshape(3, 1);
        using var expectedBias = (7 - mean) / deviation;
        TensorAssert.Close(expectedGain, gain, 1e-5);
        TensorAssert.Close(expectedBias, bias, 1e-5);
    }

    [Fact]
    public void AFeatureThatIsConstantOverTheBatch_KeepsItsGain()
    {
        using var gain = full([2, 1], 3f);
        using var bias = zeros(2);
        using var y = full([6, 2, 4], 5f);
        using (InitialPass.Begin())
        {
            Layers.InitialiseFromData(y, gain, bias);
        }

        Assert.All(y.data<float>().ToArray(), value => Assert.Equal(0, value));
        Assert.All(gain.data<float>().ToArray(), value => Assert.Equal(3, value));
        Assert.All(bias.data<float>().ToArray(), value => Assert.Equal(-5, value));
    }
}
