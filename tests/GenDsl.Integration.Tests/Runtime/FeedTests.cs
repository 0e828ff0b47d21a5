using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime;

public class FeedTests
{
    private static readonly SpaceInfo Number = new("Number", ElementKind.Real, 0, [], double.NegativeInfinity, double.PositiveInfinity);

    [Fact]
    public void APassHoldsEachRowOnceAndPassesDiffer()
    {
        using var feed = NewFeed(seed: 1, rows: 12, batch: 4);
        var first = Rows(feed, 3);
        var second = Rows(feed, 3);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (long)i), first.Order());
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (long)i), second.Order());
        Assert.NotEqual(first, second);
        Assert.Equal(2, feed.Epoch);
    }

    [Fact]
    public void OrderDependsOnSeedNameAndPassOnly()
    {
        using var a = NewFeed(1, 100, 10);
        using var b = NewFeed(1, 100, 10);
        using var otherSeed = NewFeed(2, 100, 10);
        using var otherName = NewFeed(1, 100, 10, "fake");
        using var otherBatch = NewFeed(1, 100, 20);
        var rows = Rows(a, 20);
        Assert.Equal(rows, Rows(b, 20));
        Assert.Equal(rows, Rows(otherBatch, 10));
        Assert.NotEqual(rows, Rows(otherSeed, 20));
        Assert.NotEqual(rows, Rows(otherName, 20));
    }

    [Fact]
    public void APositionIsAllItsState()
    {
        using var a = NewFeed(1, 50, 7);
        Rows(a, 17);
        using var b = NewFeed(1, 50, 7);
        b.MoveTo(a.Position);
        Assert.Equal(a.Position, b.Position);
        Assert.Equal(new FeedPosition(2, 3, 7, 50), a.Position);
        Assert.Equal(Rows(a, 10), Rows(b, 10));
    }

    [Fact]
    public void RowsThatFillNoBatchAreLeftOutOfAPass()
    {
        using var feed = NewFeed(1, 10, 4);
        Assert.Equal(2, feed.PullsPerEpoch);
        Assert.Equal(8, Rows(feed, 2).Distinct().Count());
        Assert.Equal(1, feed.Epoch);
    }

    [Fact]
    public void ColumnsLineUp()
    {
        var values = arange(0, 20, ScalarType.Float32);
        var source = new Source("s", [Column("a", values), Column("b", values * 2)]);
        using var feed = new Feed("s", source, 5, Draws.Root(0, CPU), [new("b", Number), new("a", Number)]);
        feed.Pull();
        using var b = feed.Gather(0);
        using var a = feed.Gather(1);
        TensorAssert.Same(a * 2, b);
    }

    [Fact]
    public void AnEmptyOrRaggedSourceIsAnError()
    {
        Assert.Contains("empty", Assert.Throws<GenDslException>(() => new Source("s", [Column("a", zeros(0))])).Message);
        Assert.Contains("line up", Assert.Throws<GenDslException>(() => new Source("s", [Column("a", zeros(2)), Column("b", zeros(3))])).Message);
        Assert.Contains("no columns", Assert.Throws<GenDslException>(() => new Source("s", [])).Message);
        Assert.Contains("two columns", Assert.Throws<GenDslException>(() => new Source("s", [Column("a", zeros(2)), Column("a", zeros(2))])).Message);
    }

    [Fact]
    public void APassReadsEveryRowInOrder()
    {
        var source = new Source("s", [Column("a", arange(0, 11, ScalarType.Float32))]);
        var pass = new Pass(source, 4, Draws.Root(0, CPU), [new ColumnBinding("a", Number)]);
        for (var again = 0; again < 2; again++)
        {
            var seen = new List<float>();
            var sizes = new List<long>();
            foreach (var batch in pass)
            {
                Assert.False(is_grad_enabled());
                using var a = batch.Gather(0);
                seen.AddRange(a.data<float>());
                sizes.Add(batch.Rows);
            }

            Assert.True(is_grad_enabled());
            Assert.Equal([4L, 4, 3], sizes);
            Assert.Equal(Enumerable.Range(0, 11).Select(i => (float)i), seen);
        }
    }

    private static Feed NewFeed(ulong seed, int rows, int batch, string name = "real") =>
        new(name, new Source("s", [Column("a", arange(0, rows, ScalarType.Float32))]), batch, Draws.Root(seed, CPU), [new("a", Number)]);

    private static Column Column(string name, Tensor values) =>
        new(name, ElementKind.Real, 0, double.NegativeInfinity, double.PositiveInfinity, values);

    private static long[] Rows(Feed feed, int pulls)
    {
        var rows = new List<long>();
        for (var i = 0; i < pulls; i++)
        {
            feed.Pull();
            rows.AddRange(feed.Indices.data<long>());
        }

        return [.. rows];
    }
}
