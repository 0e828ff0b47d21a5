using System;
using System.Linq;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

/// <summary>Draws: by inversion, so that equal noise gives equal draws, and distributed as the log-probabilities say.</summary>
public class DistributionDrawsTests
{
    private const long Rows = 100_000;

    private static Draws Root(int seed) => Draws.Root((ulong)seed, CPU);

    [Fact]
    public void Categorical_IsTheLeastClassWhoseSumLiesAbove()
    {
        // Probabilities 0.5, 0.25, 0.25.
        using var logits = tensor(new[] { MathF.Log(2), 0f, 0f }).expand(6, 3);
        using var uniform = tensor(new[] { 0f, 0.4999f, 0.5001f, 0.7499f, 0.7501f, 0.9999999f }).reshape(6, 1);
        using var drawn = Distributions.CategoricalDraw(logits, uniform);
        Assert.Equal([6, 1], drawn.shape);
        Assert.Equal([0f, 0, 1, 1, 2, 2], drawn.data<float>().ToArray());
    }

    [Fact]
    public void Categorical_OfTwoChannels_ReadsTheirOwnLogits()
    {
        // Channel 0 is sure of class 1, channel 1 of class 2: features (class, channel).
        using var logits = tensor(new[] { 0f, 0, 50, 0, 0, 50 }).reshape(1, 6);
        using var uniform = full(1, 2, 0.5f);
        using var drawn = Distributions.CategoricalDraw(logits, uniform);
        Assert.Equal([1f, 2], drawn.data<float>().ToArray());
    }

    [Fact]
    public void Categorical_Histogram_IsTheSoftmax()
    {
        using var logits = Root(1).Normal(1, 10);
        using var all = logits.expand(Rows, 10);
        using var uniform = Root(2).Uniform(0, 1, Rows, 1);
        using var drawn = Distributions.CategoricalDraw(all, uniform);
        Assert.InRange(Distance(drawn, logits.softmax(1).data<float>().Select(p => (double)p).ToArray()), 0, 0.02);
    }

    [Fact]
    public void Mixture_Histogram_IsTheLogProbability_OfEveryChannel()
    {
        const int components = 3;
        using var parameters = Root(3).Normal(1, 10 * components);
        using (var scales = parameters.narrow(1, 2 * components, components))
        {
            scales.sub_(2);
        }

        using var all = parameters.expand(Rows, 10 * components);
        using var uniform = Root(4).Uniform(0, 1, Rows, 4);
        using var drawn = Distributions.DiscretizedLogisticMixtureDraw(all, uniform, 4, 3);
        Assert.Equal([Rows, 3], drawn.shape);

        // 64 colours of four levels, and their probabilities.
        using var grid = tensor(Enumerable.Range(0, 64).SelectMany(i => new[] { i / 16f, i / 4 % 4, (float)(i % 4) }.Select(MathF.Floor)).ToArray()).reshape(64, 3);
        using var each = parameters.expand(64, 10 * components);
        using var logProb = Distributions.DiscretizedLogisticMixtureLogProb(grid, each, 4);
        using var index = drawn.select(1, 0) * 16 + drawn.select(1, 1) * 4 + drawn.select(1, 2);
        Assert.InRange(Distance(index, logProb.exp().data<float>().Select(p => (double)p).ToArray()), 0, 0.04);
    }

    [Fact]
    public void Mixture_Of256Levels_Histogram_IsTheLogProbability()
    {
        using var parameters = tensor(new[] { 0.3f, -0.2f, -0.6f, 0.5f, -1.5f, -2.5f }).reshape(1, 6);
        using var all = parameters.expand(Rows, 6);
        using var uniform = Root(5).Uniform(0, 1, Rows, 2);
        using var drawn = Distributions.DiscretizedLogisticMixtureDraw(all, uniform, 256, 1);
        using var grid = arange(256, dtype: ScalarType.Float32).reshape(256, 1);
        using var each = parameters.expand(256, 6);
        using var logProb = Distributions.DiscretizedLogisticMixtureLogProb(grid, each, 256);
        Assert.InRange(Distance(drawn, logProb.exp().data<float>().Select(p => (double)p).ToArray()), 0, 0.04);
    }

    [Fact]
    public void Mixture_OuterNoise_StaysOnTheLevels()
    {
        using var parameters = zeros(2, 3);
        using var uniform = tensor(new[] { 0f, 0f, 0.99999994f, 0.99999994f }).reshape(2, 2);
        using var drawn = Distributions.DiscretizedLogisticMixtureDraw(parameters, uniform, 256, 1);
        Assert.Equal([0f, 255f], drawn.data<float>().ToArray());
    }

    [Fact]
    public void Bernoulli_IsItsFormula()
    {
        using var logits = tensor(new[] { 0f, 0f, 100f, -100f });
        using var uniform = tensor(new[] { 0.4999f, 0.5001f, 0.999f, 0.001f });
        using var bits = Distributions.BernoulliDraw(logits, uniform);
        Assert.Equal([1f, 0, 1, 0], bits.data<float>().ToArray());
    }

    [Fact]
    public void SamplesOfAllSites_AreTheDrawsOfEachSite()
    {
        using var logits = Root(6).Normal(2, 12, 3, 5);
        using var uniform = Root(7).Uniform(0, 1, 2, 3, 3, 5);
        using var sample = Distributions.CategoricalSample(logits, uniform, 4, asIndices: true);
        Assert.Equal(ScalarType.Int64, sample.dtype);
        Assert.Equal(uniform.shape, sample.shape);
        using var site = Distributions.CategoricalDraw(logits[TensorIndex.Colon, TensorIndex.Colon, 1, 2], uniform[TensorIndex.Colon, TensorIndex.Colon, 1, 2]);
        TensorAssert.Same(site.to(ScalarType.Int64), sample[TensorIndex.Colon, TensorIndex.Colon, 1, 2].contiguous());

        using var parameters = Root(8).Normal(2, 20, 3, 5);
        using var noise = Root(9).Uniform(0, 1, 2, 4, 3, 5);
        using var pixels = Distributions.DiscretizedLogisticMixtureSample(parameters, noise, 16, [2, 3, 3, 5]);
        using var pixel = Distributions.DiscretizedLogisticMixtureDraw(parameters[TensorIndex.Colon, TensorIndex.Colon, 2, 4], noise[TensorIndex.Colon, TensorIndex.Colon, 2, 4], 16, 3);
        TensorAssert.Same(pixel, pixels[TensorIndex.Colon, TensorIndex.Colon, 2, 4].contiguous());
    }

    [Fact]
    public void Draws_LeaveNoTensorBehind()
    {
        using var parameters = zeros(2, 30, 4);
        using var noise = full(2, 4, 4, 0.3f);
        using var uniform = full(2, 3, 4, 0.3f);
        long before = LiveTensors.Count();
        Distributions.DiscretizedLogisticMixtureSample(parameters, noise, 256, [2, 3, 4]).Dispose();
        Distributions.CategoricalSample(parameters, uniform, 10, asIndices: true).Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    // Total variation between a histogram and probabilities.
    private static double Distance(Tensor drawn, double[] probabilities)
    {
        using var indices = drawn.flatten().to(ScalarType.Int64);
        using var counts = indices.bincount(null, probabilities.Length);
        double total = indices.numel();
        return counts.data<long>().ToArray().Zip(probabilities, (c, p) => Math.Abs(c / total - p)).Sum() / 2;
    }
}
