using System;
using System.Linq;
using GenDsl.Runtime.Data;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Flows;

public class DensitySetTests
{
    private static readonly DataOptions Many = new() { Rows = 200_000 };

    [Fact]
    public void TheMeanNegativeLogDensityOfSixD_IsItsEntropy()
    {
        using var source = SixD.Train(Many);
        using var x = source.Columns[0].Values.to(ScalarType.Float64);
        using var z = SixD.Inverse(x);
        using var logProb = SixD.LogProb(x);
        Assert.Equal(8.5136, SixD.Entropy, 1e-4);

        // Its deviation is sqrt(6 / 2).
        Assert.Equal(SixD.Entropy, -logProb.mean().ToDouble(), 5 * Math.Sqrt(3.0 / 200_000));

        // The numbers behind the points are standard normal and independent: the inverse is right.
        using var covariance = z.t().mm(z) / 200_000;
        using var one = eye(6, dtype: ScalarType.Float64);
        Runtime.TensorAssert.Close(one, covariance, 0.02);
        using var means = z.mean([0]);
        Runtime.TensorAssert.Close(zeros(6, ScalarType.Float64), means, 0.02);

        // The points are not: neighbours hang together.
        using var xs = x.t().mm(x) / 200_000;
        Assert.True((xs - one).abs().max().ToDouble() > 0.3);
    }

    [Fact]
    public void TheMapOfSixD_PreservesVolume()
    {
        using var x = FlowTensors.Normal("x", 5, 6);
        Assert.All(FlowTensors.LogDets(SixD.Inverse, x), logDet => Assert.Equal(0, logDet, 1e-12));
        double[] z = [0.3, -1, 0.5, 2, -0.7, 0.1];
        double[] point = [.. z];
        SixD.Map(point);
        using var one = tensor(point, ScalarType.Float64).reshape(1, 6);
        using var back = SixD.Inverse(one);
        Assert.Equal(z, back.data<double>().ToArray().Select(value => Math.Round(value, 12)));
    }

    [Fact]
    public void BumpsAreThreeNormalDistributions()
    {
        using var source = DataSets.Open("bumps:train", Many);
        using var x = source.Columns[0].Values.to(ScalarType.Float64);
        Assert.Equal([200_000, 1], x.shape);
        (double Weight, double Mean, double Deviation)[] parts = [(0.3, -2, 0.5), (0.4, 0, 0.25), (0.3, 2, 0.5)];
        var entropy = -x.data<double>().ToArray().Average(value =>
            Math.Log(parts.Sum(p => p.Weight / p.Deviation / Math.Sqrt(2 * Math.PI) * Math.Exp(-Math.Pow((value - p.Mean) / p.Deviation, 2) / 2))));
        Assert.Equal(1.5224, entropy, 0.01);
    }

    [Fact]
    public void TheBoardIsCoveredOnItsBlackFieldsEvenly()
    {
        using var source = DataSets.Open("checkerboard:train", Many);
        var x = source.Columns[0].Values.data<float>().ToArray();
        var classes = source.Columns[1].Values.data<byte>().ToArray();
        var counts = new int[4, 4];
        for (var i = 0; i < classes.Length; i++)
        {
            var (column, row) = ((int)Math.Floor(x[2 * i] / 2) + 2, (int)Math.Floor(x[2 * i + 1] / 2) + 2);
            Assert.Equal(0, (column + row) % 2);
            Assert.Equal(classes[i] / 2, column);
            counts[column, row]++;
        }

        Assert.All(counts.Cast<int>().Where(count => count > 0), count => Assert.InRange(count, 24_000, 26_000));
        Assert.Equal(8, counts.Cast<int>().Count(count => count > 0));
    }

    [Fact]
    public void RingsHaveTheirRadii()
    {
        using var source = DataSets.Open("rings:train", Many);
        var x = source.Columns[0].Values.data<float>().ToArray();
        var classes = source.Columns[1].Values.data<byte>().ToArray();
        for (var ring = 0; ring < 4; ring++)
        {
            double[] radii = [.. Enumerable.Range(0, classes.Length).Where(i => classes[i] == ring).Select(i => Math.Sqrt(x[2 * i] * x[2 * i] + x[2 * i + 1] * x[2 * i + 1]))];
            Assert.InRange(radii.Length, 48_000, 52_000);
            Assert.Equal(0.75 * (ring + 1), radii.Average(), 0.01);
            var mean = radii.Average();
            Assert.Equal(0.08, Math.Sqrt(radii.Average(radius => Math.Pow(radius - mean, 2))), 0.01);
        }
    }
}
