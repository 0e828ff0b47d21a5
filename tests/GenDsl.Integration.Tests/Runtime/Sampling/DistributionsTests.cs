using System;
using System.Linq;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

/// <summary>Log-probabilities: they are normalised, match independent formulas, and have finite gradients where they are hardest.</summary>
public class DistributionsTests
{
    private static Draws Root(int seed) => Draws.Root((ulong)seed, CPU, ScalarType.Float64);

    [Theory]
    [InlineData(new long[] { }, new long[] { 5 })]
    [InlineData(new long[] { 7 }, new long[] { 5, 7 })]
    [InlineData(new long[] { 1, 3, 4 }, new long[] { 5, 3, 4 })]
    [InlineData(new long[] { 3, 2, 4 }, new long[] { 15, 2, 4 })]
    [InlineData(new long[] { 2, 6 }, new long[] { 10, 6 })]
    public void CrossEntropy_IsTheLogSoftmaxOfTheClass_InTheLayoutOfTheContract(long[] shape, long[] parameters)
    {
        using var x = Root(1).Integers(0, 5, [4, .. shape]);
        using var logits = Root(2).Normal([4, .. parameters]);
        using var found = Distributions.CrossEntropy(logits, x, 5);
        Assert.Equal(x.shape, found.shape);

        // Logit j of channel ch is feature j * c + ch.
        long channels = parameters[0] / 5;
        using var byClass = logits.reshape(4, 5, channels, -1).log_softmax(1);
        using var target = x.reshape(4, 1, channels, -1);
        using var expected = -byClass.gather(1, target).reshape(x.shape);
        TensorAssert.Close(expected, found, 1e-12);

        // Levels come as floating-point numbers.
        using var levels = x.to(ScalarType.Float64);
        using var same = Distributions.CrossEntropy(logits, levels, 5);
        TensorAssert.Same(found, same);
    }

    [Fact]
    public void ZeroLogits_AreEightBitsPerDim()
    {
        using var x = Root(3).Integers(0, 256, 2, 3, 8, 8);
        using var logits = zeros(2, 768, 8, 8, dtype: ScalarType.Float64);
        using var nats = Distributions.CrossEntropy(logits, x, 256);
        using var logProb = -nats.sum([1L, 2L, 3L]);
        using var bits = Distributions.BitsPerDim(logProb, x);
        Assert.All(bits.data<double>().ToArray(), b => Assert.Equal(8, b, 12));
    }

    [Theory]
    [InlineData(2, 1, 1.0)]
    [InlineData(256, 1, 0.0)]
    [InlineData(256, 10, -7.0)]
    [InlineData(256, 5, -9.0)]
    [InlineData(16, 3, -2.5)]
    [InlineData(256, 3, 4.0)]
    public void Mixture_AllLevelsOfAPixel_HaveProbabilityOne(int levels, int components, double logScale)
    {
        using var parameters = Root(4).Normal(6, 3 * components, 1);
        using (var scales = parameters.narrow(1, 2 * components, components))
        {
            scales.add_(logScale);
        }

        using var x = arange(levels, dtype: ScalarType.Float64).reshape(1, 1, levels).expand(6, 1, levels);
        using var everywhere = parameters.expand(6, 3 * components, levels);
        using var logProb = Distributions.DiscretizedLogisticMixtureLogProb(x, everywhere, levels);
        using var total = logProb.exp().sum(1);
        Assert.All(total.data<double>().ToArray(), p => Assert.Equal(1, p, 1e-12));
    }

    [Fact]
    public void Mixture_AllColoursOfThreeLevels_HaveProbabilityOne()
    {
        const int components = 4;
        using var parameters = Root(5).Normal(3, 10 * components, 1);
        using var grid = cartesian();
        using var x = grid.unsqueeze(0).expand(3, 3, 27);
        using var everywhere = parameters.expand(3, 10 * components, 27);
        using var logProb = Distributions.DiscretizedLogisticMixtureLogProb(x, everywhere, 3);
        using var total = logProb.exp().sum(1);
        Assert.All(total.data<double>().ToArray(), p => Assert.Equal(1, p, 1e-12));

        // [3, 27]: every colour.
        static Tensor cartesian() => tensor(Enumerable.Range(0, 3).SelectMany(c => Enumerable.Range(0, 27).Select(i => (double)(i / (int)Math.Pow(3, c) % 3))).ToArray()).reshape(3, 27);
    }

    [Fact]
    public void Mixture_WorkedValue_OfMean100AndScale5()
    {
        // In units of levels, rescaled as levels are.
        using var parameters = tensor([0, 2 * 100 / 255.0 - 1, Math.Log(5 * 2 / 255.0)]).reshape(1, 3);
        using var x = tensor([102.0]);
        using var logProb = Distributions.DiscretizedLogisticMixtureLogProb(x, parameters, 256);
        double expected = Sigmoid(0.5) - Sigmoid(0.3);
        Assert.Equal(expected, Math.Exp(logProb.item<double>()), 1e-12);
        Assert.Equal(0.0480168, expected, 7);
    }

    [Fact]
    public void Mixture_OfColours_IsTheFormulaOfThePaper()
    {
        const int components = 2;
        const int levels = 256;
        using var parameters = Root(6).Normal(1, 10 * components);
        double[] p = parameters.data<double>().ToArray();
        double[] k = [200, 0, 255];
        using var x = tensor(k).reshape(1, 3);
        using var found = Distributions.DiscretizedLogisticMixtureLogProb(x, parameters, levels);
        double weights = Enumerable.Range(0, components).Sum(i => Math.Exp(p[i]));
        double probability = 0;
        for (int i = 0; i < components; i++)
        {
            double At(int block) => p[block * components + i];
            double[] v = [.. k.Select(level => 2 * level / (levels - 1) - 1)];
            double red = At(1);
            double green = At(3) + Math.Tanh(At(5)) * v[0];
            double blue = At(6) + Math.Tanh(At(8)) * v[0] + Math.Tanh(At(9)) * v[1];
            probability += Math.Exp(p[i]) / weights
                * Bin(v[0], red, At(2), upper: false, lower: false) * Bin(v[1], green, At(4), upper: false, lower: true) * Bin(v[2], blue, At(7), upper: true, lower: false);
        }

        Assert.Equal(Math.Log(probability), found.item<double>(), 1e-9);

        static double Bin(double v, double mean, double logScale, bool upper, bool lower)
        {
            double inverse = Math.Exp(-Math.Max(logScale, -7));
            double high = upper ? 1 : Sigmoid((v + 1.0 / 255 - mean) * inverse);
            return high - (lower ? 0 : Sigmoid((v - 1.0 / 255 - mean) * inverse));
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Mixture_Gradients_AreFiniteAtTheLeastScale_EverywhereOnTheLevels(ScalarType type)
    {
        foreach (double logScale in new[] { -7.0, -12.0, 0.0, 5.0 })
        {
            using var parameters = Draws.Root(7, CPU, type).Normal(2, 30, 256);
            using (var scales = parameters.narrow(1, 6, 3))
            {
                scales.fill_(logScale);
            }

            parameters.requires_grad_();
            using var x = arange(256, dtype: type).reshape(1, 1, 256).expand(2, 3, 256);
            using var logProb = Distributions.DiscretizedLogisticMixtureLogProb(x, parameters, 256);
            using var sum = logProb.sum();
            sum.backward();
            using var finite = parameters.grad!.isfinite().all();
            Assert.True(finite.item<bool>());
            Assert.True(logProb.isfinite().all().item<bool>());
        }
    }

    [Fact]
    public void Mixture_Gradients_AreThoseOfFiniteDifferences()
    {
        using var parameters = Root(8).Normal(2, 20, 3).mul_(0.5);
        parameters.requires_grad_();
        using var x = tensor(new double[] { 0, 7, 3, 1, 2, 5, 7, 0, 4, 3, 3, 6, 7, 7, 0, 0, 1, 2 }).reshape(2, 3, 3);
        using (var logProb = Distributions.DiscretizedLogisticMixtureLogProb(x, parameters, 8))
        using (var sum = logProb.sum())
        {
            sum.backward();
        }

        double[] gradient = parameters.grad!.data<double>().ToArray();
        using var plain = parameters.detach();
        for (int i = 0; i < gradient.Length; i++)
        {
            double At(double step)
            {
                using var moved = plain.clone();
                using var flat = moved.view(-1);
                flat[i] += step;
                using var logProb = Distributions.DiscretizedLogisticMixtureLogProb(x, moved, 8);
                return logProb.sum().item<double>();
            }

            Assert.Equal((At(1e-5) - At(-1e-5)) / 2e-5, gradient[i], 1e-6);
        }
    }

    [Fact]
    public void WrongNumbersOfParameters_AreErrors_ThatSayHowMany()
    {
        using var x = zeros(2, 3, 4, 4);
        using var logits = zeros(2, 12, 4, 4);
        Assert.Contains("5 logits per number", Assert.Throws<GenDslException>(() => Distributions.CrossEntropy(logits, x, 5)).Message, StringComparison.Ordinal);
        Assert.Contains("multiple of 10", Assert.Throws<GenDslException>(() => Distributions.DiscretizedLogisticMixtureLogProb(x, logits, 256)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LogProbs_LeaveNoTensorBehind()
    {
        using var x = zeros(2, 3, 4, 4);
        using var parameters = zeros(2, 30, 4, 4);
        using var logits = zeros(2, 15, 4, 4);
        long before = LiveTensors.Count();
        Distributions.DiscretizedLogisticMixtureLogProb(x, parameters, 256).Dispose();
        Distributions.CrossEntropy(logits, x, 5).Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
