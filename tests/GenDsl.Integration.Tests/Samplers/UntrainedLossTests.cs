using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Samplers;

/// <summary>
/// The loss of each shipped model that knows nothing yet, its last layer all zeros, is the number that one computes on paper.
/// The rows are those of section 0 of the systems sheet: "Bernoulli MNIST, p = 1/2: 784 ln 2 = 543.43 nats/image" and "256-way
/// softmax, all logits equal: 8 bits/dim (ln 256 = 5.545 nats/sub-pixel)".
/// </summary>
public sealed class UntrainedLossTests(ITestOutputHelper output)
{
    private const string Bernoulli = "Bernoulli MNIST, p = 1/2";
    private const string Softmax = "256-way softmax, all logits equal";
    private const string Mixture = "no row: one logistic of mean 0 and scale 1";

    /// <summary>A model, its last layer, the row of the sheet, numbers of a sample, and how many values each may take.</summary>
    public static TheoryData<string, string, string, long[], long> Cases => new()
    {
        { "Made.Made", "masked.masked_linear3", Bernoulli, [1, 28, 28], 2 },
        { "PixelRnn.PixelRnn", "conv1", Bernoulli, [1, 28, 28], 2 },
        { "PixelRnn.PixelRnnWithoutPositions", "conv1", Bernoulli, [1, 28, 28], 2 },
        { "PixelCnn.PixelCnn", "masked_conv3", Bernoulli, [1, 28, 28], 2 },
        { "PixelCnn.GatedPixelCnn", "conv4", Bernoulli, [1, 28, 28], 2 },
        { "Wavenet.ImageWaveNet", "conv6", Bernoulli, [1, 28, 28], 2 },
        { "Wavenet.ImageWaveNetWithoutPositions", "conv6", Bernoulli, [1, 28, 28], 2 },
        { "Wavenet.WaveNet", "conv5", Softmax, [40], 256 },

        // The same row with as many ways as there are characters: ln 65.
        { "CharRnn.CharRnn", "conv1", Softmax, [40], 65 },

        // As many ways as there are codes.
        { "VqVae.CodePixelCnn", "conv4", Softmax, [1, 7, 7], 128 },
        { "PixelCnnPp.PixelCnnPP", "body.wn3.conv1", Mixture, [1, 28, 28], 16 },
        { "PixelCnnPp.ColourPixelCnnPP", "body.wn3.conv1", Mixture, [3, 32, 32], 256 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void WithoutALastLayer_TheLossIsThatOfNotKnowing(string model, string layer, string row, long[] shape, long values)
    {
        const int Samples = 2;
        using var scope = NewDisposeScope();
        using SampledModel sampled = new(Type(model), ScalarType.Float64);
        long numbers = shape.Aggregate(1L, (product, size) => product * size);
        var random = new Random(7);
        long[] drawn = [.. Enumerable.Range(0, (int)(Samples * numbers)).Select(_ => random.NextInt64(values))];
        Tensor x = tensor(drawn, [Samples, .. shape]).to(row == Softmax ? ScalarType.Int64 : ScalarType.Float64);
        double expected = drawn.Average(value => row == Mixture ? LogisticLoss(value, values) : Math.Log(values));
        double before = PerNumber();
        foreach (StateTensor weight in Last(sampled, layer))
        {
            using var frozen = no_grad();
            weight.Tensor.zero_();
        }

        double loss = PerNumber();
        output.WriteLine(FormattableString.Invariant($"{model}: {loss:F6} nats per number, {loss / Math.Log(2):F4} bits, {loss * numbers:F2} nats per sample ({row}); as born {before:F6}"));
        Assert.Equal(expected, loss, 1e-12);

        // The figures as printed there.
        if (row == Bernoulli)
        {
            Assert.Equal(543.43, loss * numbers, 0.005);
        }
        else if (values == 256 && row == Softmax)
        {
            Assert.Equal(5.545, loss, 0.0005);
            Assert.Equal(8, loss / Math.Log(2), 1e-12);
        }

        // Its last layer was in the way of it.
        Assert.True(Math.Abs(before - expected) > 1e-6, "The model knew nothing before.");

        double PerNumber()
        {
            using Tensor losses = sampled.Loss(x, condition: 4);
            Assert.Equal([Samples], losses.shape);
            return losses.mean().item<double>() / numbers;
        }
    }

    [Fact]
    public void EveryShippedModelThatDrawsPositionByPosition_HasItsCase() =>
        Assert.Equal(
            SampledModel.In(typeof(GenDsl.Models.Vae.Vae).Assembly).Select(t => t.FullName),
            Cases.Select(c => Type((string)((object[])c)[0]).FullName).Order(StringComparer.Ordinal));

    private static Type Type(string model) => typeof(GenDsl.Models.Vae.Vae).Assembly.GetType("GenDsl.Models." + model, throwOnError: true)!;

    // A normalised layer is its gain times a direction, which stays.
    private static List<StateTensor> Last(SampledModel model, string layer)
    {
        List<StateTensor> found = [.. model.State.Learned.Where(s => s.Path.StartsWith(layer + ".", StringComparison.Ordinal) && !s.Path.EndsWith("weight_v", StringComparison.Ordinal))];
        Assert.Equal(2, found.Count);
        return found;
    }

    // Level k of n stands at 2k/(n - 1) - 1 and takes the logistic's mass up to half a step away; the outermost take the tails.
    private static double LogisticLoss(long level, long levels)
    {
        static double Below(double x) => 1 / (1 + Math.Exp(-x));
        double place = (2.0 * level / (levels - 1)) - 1;
        double half = 1.0 / (levels - 1);
        double below = level == 0 ? 0 : Below(place - half);
        double upTo = level == levels - 1 ? 1 : Below(place + half);
        return -Math.Log(upTo - below);
    }
}
