using System;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Metrics;

/// <summary>What frozen features are worth: neighbours and a linear classifier.</summary>
public sealed class ProbeTests
{
    private static (Tensor X, Tensor Y) Clouds(string name, int rows, double spread, long classes = 3)
    {
        Tensor y = arange(rows, ScalarType.Int64).remainder(classes);
        Tensor centres = eye(classes, 5, dtype: ScalarType.Float32) * 3;
        return (centres.index_select(0, y) + (Draws.Root(2, CPU).At(name).Normal(rows, 5) * spread), y);
    }

    [Fact]
    public void CloudsApart_AreToldApart_AndNoiseIsNot()
    {
        var (x, y) = Clouds("fit", 90, 0.1);
        var (other, labels) = Clouds("test", 60, 0.1);
        Assert.Equal(1, KnnAccuracy.Of(x, y, other, labels, 3, 5).ToDouble());
        Assert.Equal(1, LinearProbe.Of(x, y, other, labels, 3, 1e-3).ToDouble());
        using Tensor noise = Draws.Root(9, CPU).At("noise").Normal(3000, 5);
        using Tensor any = arange(3000, ScalarType.Int64).remainder(3);
        Assert.InRange(KnnAccuracy.Of(noise[..1500], any[..1500], noise[1500..], any[1500..], 3, 20).ToDouble(), 0.28, 0.39);
        Assert.InRange(LinearProbe.Of(noise[..1500], any[..1500], noise[1500..], any[1500..], 3, 1e-3).ToDouble(), 0.28, 0.39);
    }

    [Fact]
    public void TheMajorityDecides_AndAmongEqualsTheNearer()
    {
        using Tensor fit = tensor(new float[] { 1, 0, 0.9f, 0.5f, 0.8f, 0.6f, 0, 1 }).reshape(4, 2);
        using Tensor labels = tensor(new long[] { 0, 1, 1, 0 });
        using Tensor test = tensor(new float[] { 2, 0.2f }).reshape(1, 2);
        using Tensor zero = tensor(new long[] { 0 });
        double Right(int k) => KnnAccuracy.Of(fit, labels, test, zero, 2, k).ToDouble();
        Assert.Equal([1.0, 1, 0, 0, 0], [Right(1), Right(2), Right(3), Right(4), Right(100)]);
    }

    [Fact]
    public void TheLinearProbe_IsAtItsOptimum_WhateverTheScaleOfFeatures()
    {
        var (x, y) = Clouds("fit", 300, 2);
        var (other, labels) = Clouds("test", 300, 2);
        double plain = LinearProbe.Of(x, y, other, labels, 3, 1e-3).ToDouble();
        using Tensor scales = tensor(new float[] { 1e-3f, 1, 1e3f, 30, 0.2f });
        Assert.Equal(plain, LinearProbe.Of((x * scales) + 7, y, (other * scales) + 7, labels, 3, 1e-3).ToDouble(), 0.011);

        // The best linear rule of these clouds goes by the nearest centre.
        using Tensor bayes = other[.., ..3].argmax(1).eq(labels).to(ScalarType.Float32).mean();
        Assert.InRange(plain, bayes.ToDouble() - 0.03, bayes.ToDouble() + 0.03);

        // A feature that is the same everywhere changes nothing, nor does one that all rows of the fit share.
        using Tensor constant = cat([x, full([300, 1], 5f)], 1);
        using Tensor constantToo = cat([other, full([300, 1], 9f)], 1);
        Assert.Equal(plain, LinearProbe.Of(constant, y, constantToo, labels, 3, 1e-3).ToDouble(), 1e-6);
    }

    [Fact]
    public void WithoutRows_ThereIsNoFigure_AndWhatIsNotFiniteIsSaid()
    {
        using var probe = new LinearProbe(3);
        Assert.True(double.IsNaN(probe.Value));
        var (x, y) = Clouds("fit", 6, 1);
        probe.AddFit(x);
        probe.AddFitLabels(y);
        Assert.True(double.IsNaN(probe.Value));
        using Tensor broken = x / 0;
        probe.AddTest(broken);
        probe.AddTestLabels(y);
        Assert.Contains("not finite", Assert.Throws<GenDslException>(() => probe.Value).Message, StringComparison.Ordinal);
    }
}
