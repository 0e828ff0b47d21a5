using System;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Flows;

public class MixtureTests
{
    [Theory]
    [InlineData(false, new long[] { 3, 2, 2 })]
    [InlineData(true, new long[] { 3, 2, 2 })]
    [InlineData(false, new long[] { 3 })]
    [InlineData(true, new long[] { 3 })]
    public void TheDistributionFunction_IsInvertible(bool perSample, long[] shape)
    {
        using var x = FlowTensors.Normal("x", shape);
        var (logits, means, scales) = Parameters(perSample, shape);
        using (logits)
        using (means)
        using (scales)
        {
            if (perSample)
            {
                // A sample alone has its own parameters only.
                using var one = x.narrow(0, 1, 1);
                using var l = logits.narrow(0, 1, 1);
                using var m = means.narrow(0, 1, 1);
                using var s = scales.narrow(0, 1, 1);
                Holds(one, l, m, s);
                using var u = Bijections.MixtureCdf(x, logits, means, scales);
                using var back = Bijections.MixtureCdfInverse(u, logits, means, scales);
                Runtime.TensorAssert.Close(x, back, 1e-10);
            }
            else
            {
                Holds(x, logits, means, scales);
            }
        }

        static void Holds(Tensor x, Tensor logits, Tensor means, Tensor scales) => FlowTensors.Holds(
            x,
            x => Bijections.MixtureCdf(x, logits, means, scales),
            u => Bijections.MixtureCdfInverse(u, logits, means, scales),
            (x, _) => Bijections.MixtureCdfLogDet(x, logits, means, scales));
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1e-12)]
    [InlineData(ScalarType.Float32, 2e-5)]
    public void TheInverse_IsFoundWhereTheFunctionIsAllButFlat_AndInTheTails(ScalarType type, double tolerance)
    {
        // Components far apart, one of them very narrow and one of them of hardly any weight.
        using var logits = tensor(new[] { 0.0, 1, -30, 0.5 }, type).unsqueeze(1);
        using var means = tensor(new[] { -40.0, 0, 7, 300 }, type).unsqueeze(1);
        using var scales = tensor(new[] { 0.5, 1e-4, 2, 5 }, type).unsqueeze(1);
        using var u = cat([tensor(new[] { 0.0, 1e-30, 1e-7, 0.99999, 1 }, type), linspace(0.001, 0.999, 400, type)]).unsqueeze(1);
        using var x = Bijections.MixtureCdfInverse(u, logits, means, scales);
        Assert.True(x.isfinite().all().ToBoolean());
        using var again = Bijections.MixtureCdf(x, logits, means, scales);

        // A root among numbers around 1e-4 of the narrow component moves u by rounding / scale.
        Runtime.TensorAssert.Close(u, again, tolerance);
        using var sorted = x.narrow(0, 5, 400).diff(dim: 0);
        Assert.True(sorted.gt(0).all().ToBoolean());
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1, 0.3, 1.0, 12)]
    [InlineData(ScalarType.Float32, 1, 0.3, 1.0, 12)]
    [InlineData(ScalarType.Float64, 3, 0.01, 0.3, 32)]
    [InlineData(ScalarType.Float32, 3, 0.01, 0.3, 32)]
    [InlineData(ScalarType.Float64, 100, 0.001, 5.0, 60)]
    [InlineData(ScalarType.Float32, 100, 0.001, 5.0, 60)]
    public void TheInverse_TakesFewRounds(ScalarType type, double spread, double least, double most, int rounds)
    {
        using var frozen = no_grad();
        using var logits = FlowTensors.Normal("logits", 200, 8, 10).to(type);
        using var means = (FlowTensors.Normal("means", 200, 8, 10) * spread).to(type);
        using var scales = FlowTensors.Uniform("scales", least, most, 200, 8, 10).to(type);
        using var u = FlowTensors.Uniform("u", 0, 1, 200, 10).to(type);
        using var wanted = Bijections.InverseSigmoid(u);
        using var mixture = new LogisticMixture(u, logits, means, scales);
        using var search = new MixtureRootSearch(mixture, wanted);
        using var x = search.Run();
        Assert.InRange(search.Rounds, 1, rounds);
    }

    [Fact]
    public void OneComponent_HasItsQuantile()
    {
        using var u = FlowTensors.Uniform("u", 0, 1, 5, 3);
        using var logits = zeros(1, 3, ScalarType.Float64);
        using var means = FlowTensors.Normal("m", 1, 3);
        using var scales = FlowTensors.Uniform("s", 0.1, 2, 1, 3);
        using var x = Bijections.MixtureCdfInverse(u, logits, means, scales);
        using var odds = Bijections.InverseSigmoid(u);
        using var wanted = odds * scales + means;
        Runtime.TensorAssert.Close(wanted, x, 1e-13);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheGradientOfTheInverse_IsThatOfFiniteDifferences(bool perSample)
    {
        using var u = FlowTensors.Uniform("u", 0.02, 0.98, 2, 2).requires_grad_();
        var (logits, means, scales) = Parameters(perSample, [2, 2]);
        using var weights = FlowTensors.Normal("weights", 2, 2);
        Tensor[] at = [u, logits.requires_grad_(), means.requires_grad_(), scales.requires_grad_()];
        using var x = Bijections.MixtureCdfInverse(u, logits, means, scales);
        using var objective = (x * weights).sum();
        var found = Gradients.Of(objective, at);
        using var frozen = no_grad();
        for (var k = 0; k < at.Length; k++)
        {
            using var flat = at[k].view(-1);
            using var gradient = found[k]!.view(-1);
            for (var i = 0; i < flat.size(0); i++)
            {
                double Moved(double step)
                {
                    flat[i] = flat[i] + step;
                    var value = (Bijections.MixtureCdfInverse(u, logits, means, scales) * weights).sum().ToDouble();
                    flat[i] = flat[i] - step;
                    return value;
                }

                Assert.Equal((Moved(1e-5) - Moved(-1e-5)) / 2e-5, gradient[i].ToDouble(), 1e-6);
            }

            found[k]!.Dispose();
        }

        logits.Dispose();
        means.Dispose();
        scales.Dispose();
    }

    [Fact]
    public void InF32_GradientsAreFinite_FarOut()
    {
        using var u = tensor(new[] { 0f, 1e-38f, 1e-7f, 0.5f, 0.9999999f, 1f }).unsqueeze(1).requires_grad_();
        using var logits = zeros(2, 1).requires_grad_();
        using var means = tensor(new[] { -3f, 3 }).unsqueeze(1).requires_grad_();
        using var scales = tensor(new[] { 0.5f, 2 }).unsqueeze(1).requires_grad_();
        Tensor[] at = [logits, means, scales];
        using var x = Bijections.MixtureCdfInverse(u, logits, means, scales);
        using var logDet = Bijections.MixtureCdfLogDet(x, logits, means, scales);
        using var objective = logDet.sum();
        foreach (var gradient in Gradients.Of(objective, at))
        {
            Assert.True(gradient!.isfinite().all().ToBoolean());
            gradient.Dispose();
        }

        Assert.True(logDet.isfinite().all().ToBoolean());
    }

    [Fact]
    public void WrongShapes_AreErrors()
    {
        using var x = zeros(2, 3);
        using var good = ones(4, 3);
        using var bad = ones(4);
        Assert.Contains("means", Assert.Throws<GenDslException>(() => Bijections.MixtureCdf(x, good, bad, good)).Message, StringComparison.Ordinal);
    }

    private static (Tensor Logits, Tensor Means, Tensor Scales) Parameters(bool perSample, long[] shape)
    {
        long[] sizes = perSample ? [shape[0], 3, .. shape[1..]] : [3, .. shape[1..]];
        return (FlowTensors.Normal("logits", sizes), FlowTensors.Normal("means", sizes), FlowTensors.Uniform("scales", 0.1, 1, sizes));
    }
}
