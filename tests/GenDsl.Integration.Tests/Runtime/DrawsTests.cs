using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime;

public class DrawsTests
{
    private static readonly Draws Root = Draws.Root(42, CPU);

    [Fact]
    public void KeysNeverChange()
    {
        // These numbers are part of the format of checkpoints.
        Assert.Equal(0x7F511CA93169C2D7UL, Root.Key);
        Assert.Equal(0xEC14CB71D5B06888UL, Root.At("fake").Key);
        Assert.Equal(0x8B3A12142E03D8FAUL, Root.At("fake").At(3).Key);
        Assert.Equal(0xA12A2B43C5CAD551UL, Draws.Root(0, CPU).At("größe").At(-1).Key);
    }

    [Fact]
    public void ValuesNeverChange()
    {
        using var normal = Root.At("a").Normal(3);
        using var permutation = Root.At("b").Permutation(8);
        using var integers = Root.At("c").Integers(0, 100, 5);
        Assert.Equal([1.4143302f, -1.31026f, 0.4270495f], normal.data<float>().ToArray());
        Assert.Equal([0L, 7, 5, 2, 3, 4, 6, 1], permutation.data<long>().ToArray());
        Assert.Equal([86L, 2, 76, 12, 76], integers.data<long>().ToArray());
    }

    [Fact]
    public void EqualAddressesGiveEqualNumbers()
    {
        using var first = Root.At("z").At(5).Normal(100);
        Root.At("other").Normal(7).Dispose();
        using var again = Draws.Root(42, CPU).At("z").At(5).Normal(100);
        TensorAssert.Same(first, again);
    }

    [Fact]
    public void AddressesAreDistinct()
    {
        var keys = Enumerable.Range(0, 1000).SelectMany(step => new[]
        {
            Root.At(step).Key,
            Root.At("site").At(step).Key,
            Root.At("site").At(step).At("site").Key,
            Root.At("site" + step).Key,
            Root.At(step).At("site").Key,
        });
        Assert.Equal(5000, keys.Distinct().Count());
        Assert.NotEqual(Root.At("1").Key, Root.At(1).Key);
    }

    [Fact]
    public void DrawsOfDifferentAddressesAreUncorrelated()
    {
        using var rows = stack(Enumerable.Range(0, 20).Select(step => Root.At("z").At(step).Normal(2000)));
        using var correlation = rows.corrcoef();
        using var off = correlation - eye(20);
        Assert.InRange(off.abs().max().ToDouble(), 0, 0.1);
    }

    [Fact]
    public void DistributionsAreTheOnesNamed()
    {
        using var uniform = Root.At("u").Uniform(-2, 3, 20000);
        Assert.InRange(uniform.mean().ToDouble(), 0.45, 0.55);
        Assert.InRange(uniform.min().ToDouble(), -2, -1.99);
        Assert.InRange(uniform.max().ToDouble(), 2.99, 3);

        using var coins = Root.At("b").Bernoulli(full([20000], 0.3f));
        Assert.InRange(coins.mean().ToDouble(), 0.28, 0.32);

        using var logits = tensor(new float[] { 0, 1, 2 }).log_softmax(0).expand(20000, 3);
        using var classes = Root.At("c").Categorical(logits);
        Assert.Equal([20000L], classes.shape);
        for (var k = 0; k < 3; k++)
        {
            var wanted = logits[0, k].exp().ToDouble();
            Assert.InRange(classes.eq(k).to(ScalarType.Float32).mean().ToDouble(), wanted - 0.015, wanted + 0.015);
        }

        using var integers = Root.At("i").Integers(3, 6, 3000);
        Assert.Equal([3L, 4L, 5L], integers.data<long>().Distinct().Order().ToArray());
        using var permutation = Root.At("p").Permutation(1000);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), permutation.data<long>().Order());
    }

    [Fact]
    public void DrawsCarryNoGradient()
    {
        using var probabilities = full([3], 0.5f, requires_grad: true);
        using var coins = Root.Bernoulli(probabilities);
        Assert.False(coins.requires_grad);
        using var classes = Root.Categorical(probabilities);
        Assert.False(classes.requires_grad);
    }

    [Fact]
    public void DoublePrecisionDrawsAreDouble()
    {
        using var draw = Draws.Root(1, CPU, ScalarType.Float64).At("z").Normal(2);
        Assert.Equal(ScalarType.Float64, draw.dtype);
    }

    [Theory]
    [InlineData(-2, 2)]
    [InlineData(-0.5, 0.5)]
    [InlineData(-0.01, 0.01)]
    [InlineData(-0.5, 3)]
    [InlineData(1, 4)]
    [InlineData(6, 8)]
    [InlineData(-9, -7)]
    public void NormalNumbersWithin_FollowTheTruncatedLaw(double low, double high)
    {
        const int Count = 20000;
        using var drawn = Draws.Root(1, CPU, ScalarType.Float64).At("z").NormalWithin(low, high, Count);
        double[] sorted = [.. drawn.data<double>().Order()];
        Assert.InRange(sorted[0], low, high);
        Assert.InRange(sorted[^1], low, high);

        // Both ends on the side where the distribution function is exact; Kolmogorov and Smirnov's bound at one in 10,000.
        bool mirrored = low > 0;
        using var at = tensor(mirrored ? [.. sorted.Select(v => -v), -low, -high] : sorted.Append(high).Append(low).ToArray(), ScalarType.Float64);
        using var cdf = special.ndtr(at);
        double[] f = cdf.data<double>().ToArray();
        double most = Enumerable.Range(0, Count).Max(i =>
        {
            double wanted = mirrored ? (f[Count] - f[i]) / (f[Count] - f[Count + 1]) : (f[i] - f[Count + 1]) / (f[Count] - f[Count + 1]);
            return System.Math.Max(System.Math.Abs(wanted - ((double)i / Count)), System.Math.Abs(wanted - ((i + 1.0) / Count)));
        });
        Assert.InRange(most, 0, 2.23 / System.Math.Sqrt(Count));
    }

    [Fact]
    public void NormalNumbersWithin_AreTheSameOnes_WhereTheseLieInside()
    {
        var draws = Root.At("z");
        using var all = draws.Normal(400, 5);
        using var far = draws.NormalWithin(-40, 40, 400, 5);
        TensorAssert.Same(all, far);
        using var near = draws.NormalWithin(-1, 1, 400, 5);
        using var again = draws.NormalWithin(-1, 1, 400, 5);
        TensorAssert.Same(near, again);
        using var inside = all.abs().le(1);
        using var same = near.eq(all);
        TensorAssert.Same(inside, same);
        Assert.Equal(ScalarType.Float32, near.dtype);
        Assert.InRange(near.abs().max().item<float>(), 0, 1);
        Assert.Contains("above 0", Assert.Throws<GenDslException>(() => draws.NormalWithin(1, -1, 3)).Message);
    }
}
