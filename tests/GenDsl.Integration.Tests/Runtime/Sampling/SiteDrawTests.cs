using System;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

public class SiteDrawTests
{
    public static TheoryData<string, int> Draws { get; } = new()
    {
        { "bernoulli", 1 }, { "bernoulli", 3 }, { "normal", 1 }, { "normal", 2 }, { "categorical", 1 }, { "categorical", 3 }, { "mixture", 1 }, { "mixture", 3 },
    };

    [Theory]
    [MemberData(nameof(Draws))]
    public void SpansAndTensorsDrawTheSame(string name, int channels)
    {
        var draw = name switch
        {
            "bernoulli" => SiteDraws.Bernoulli,
            "normal" => SiteDraws.Normal,
            "categorical" => SiteDraws.Categorical(20),
            _ => SiteDraws.DiscretizedLogisticMixture(5, 256, channels),
        };
        using var scope = NewDisposeScope();
        const int rows = 500;
        var random = GenDsl.Runtime.Draws.Root(4, CPU);
        var parameters = draw.ParameterCounts(channels).Select((count, i) => random.At(i).Normal(rows, count).mul_(3)).ToArray();
        using var noise = draw.Noise == SiteNoise.Normal ? random.At("n").Normal(rows, draw.NoiseCount(channels)) : random.At("n").Uniform(0, 1, rows, draw.NoiseCount(channels));
        using var drawn = draw.Draw(parameters, noise);
        Assert.Equal([rows, channels], drawn.shape);
        Assert.Equal(ScalarType.Float32, drawn.dtype);
        var expected = drawn.data<float>().ToArray();
        Assert.True(expected.Distinct().Count() >= 2);
        var numbers = noise.data<float>().ToArray();
        var width = draw.NoiseCount(channels);
        for (var row = 0; row < rows; row++)
        {
            var own = parameters.SelectMany(parameter => parameter[row].data<float>().ToArray()).Select(Convert.ToDouble).ToArray();
            var values = new float[channels];
            draw.Draw(own, numbers.AsSpan(row * width, width), values);
            Assert.Equal(expected[(row * channels)..((row + 1) * channels)], values);
        }
    }

    [Fact]
    public void ACategoryIsTheSmallestAboveTheNoise()
    {
        var draw = SiteDraws.Categorical(3);
        foreach (var (u, expected) in ((float, float)[])[(0, 1), (0.49f, 1), (0.51f, 2), (0.999999f, 2)])
        {
            // The first class is impossible, the others are alike.
            double[] logits = [double.NegativeInfinity, 5, 5];
            var values = new float[1];
            draw.Draw(logits, [u], values);
            Assert.Equal(expected, values[0]);
        }
    }

    [Fact]
    public void ANoiseOfZeroIsTheLowestLevel()
    {
        var draw = SiteDraws.DiscretizedLogisticMixture(1, 256, 1);
        var values = new float[1];
        draw.Draw([0, 0.3, -2], [0.5f, 0], values);
        Assert.Equal(0, values[0]);
        using var parameters = tensor([0f, 0.3f, -2], [1, 3]);
        using var noise = tensor([0.5f, 0], [1, 2]);
        using var drawn = draw.Draw([parameters], noise);
        Assert.Equal(0, drawn.ToSingle());
    }

    [Fact]
    public void AMixtureIsNotDrawnByChannel() => Assert.Throws<ArgumentException>(() => SiteDraws.DiscretizedLogisticMixture(2, 256, 3).NoiseCount(1));
}
