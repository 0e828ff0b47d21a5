using System;
using System.Linq;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Data;

public sealed class BinarisationTests
{
    private const int Rows = 4000;

    private static readonly long[] All = [.. Enumerable.Range(0, Rows).Select(row => (long)row)];

    [Theory]
    [InlineData(ColumnView.Plain)]
    [InlineData(ColumnView.Static)]
    [InlineData(ColumnView.Random)]
    public void A_level_becomes_one_with_its_own_probability(ColumnView view)
    {
        var bits = TestColumns.Gather(TestColumns.Ramp(Rows).WithView(view).As(TestSpaces.Bits(16, 16)), All);

        Assert.All(bits, bit => Assert.True(bit is 0 or 1));
        for (var level = 0; level < 256; level++)
        {
            var (p, mean) = (level / 255.0, Enumerable.Range(0, Rows).Average(row => bits[row * 256 + level]));
            Assert.InRange(mean - p, -5 * Deviation(p), 5 * Deviation(p));
        }
    }

    [Fact]
    public void The_static_draw_is_the_same_at_every_step_and_every_opening()
    {
        var (first, second) = (TestColumns.Ramp(50).As(TestSpaces.Bits(16, 16)), TestColumns.Ramp(50).As(TestSpaces.Bits(16, 16)));

        var bits = TestColumns.Gather(first, Draws.Root(1, CPU).At(1), 7, 8);
        Assert.Equal(bits, TestColumns.Gather(first, Draws.Root(2, CPU).At(9), 7, 8));
        Assert.Equal(bits, TestColumns.Gather(second, 7, 8));
        Assert.NotEqual(bits[..256], bits[256..]);
    }

    [Fact]
    public void The_static_draw_is_pinned()
    {
        // Reported likelihoods rest on these bits: a change of this number is a change of the data.
        var bits = TestColumns.Gather(TestColumns.Ramp(1).As(TestSpaces.Bits(16, 16)), 0);

        Assert.Equal("10000001101110001100011110001111", string.Concat(bits.Skip(112).Take(32)));
    }

    [Fact]
    public void A_slice_keeps_the_static_draw_of_its_rows()
    {
        using var whole = new Source("ramps", [TestColumns.Ramp(20)]);
        using var slice = whole.Slice(12, 8);
        var binding = new ColumnBinding("image", TestSpaces.Bits(16, 16));

        Assert.Equal(TestColumns.Gather(whole.Bind(binding), 15), TestColumns.Gather(slice.Bind(binding), 3));
    }

    [Fact]
    public void The_random_view_differs_by_step_and_repeats_for_a_step()
    {
        var reader = TestColumns.Ramp(3).WithView(ColumnView.Random).As(TestSpaces.Bits(1, 16, 16));
        var root = Draws.Root(5, CPU);

        var bits = TestColumns.Gather(reader, root.At(3), 0, 1, 2);
        Assert.Equal(bits, TestColumns.Gather(reader, root.At(3), 0, 1, 2));
        Assert.NotEqual(bits, TestColumns.Gather(reader, root.At(4), 0, 1, 2));
    }

    [Fact]
    public void A_named_view_is_refused_by_a_space_without_bits()
    {
        var error = Assert.Throws<GenDslException>(
            () => TestColumns.Ramp(1).WithView(ColumnView.Random).As(TestSpaces.Real(0, 1, 16, 16)));

        Assert.Contains("'@random' draws bits", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_view_of_a_specification_reaches_the_column()
    {
        var options = new DataOptions { Rows = 3 };
        using var random = DataSets.Open("shapes@random:test", options);
        using var plain = DataSets.Open("shapes:test", options);

        Assert.Equal(ColumnView.Random, random.Columns[0].View);
        Assert.Equal(ColumnView.Plain, plain.Columns[0].View);
        using var reported = random.WithView(ColumnView.Static);
        var binding = new ColumnBinding("image", TestSpaces.Bits(28, 28));
        Assert.Equal(TestColumns.Gather(plain.Bind(binding), 0, 1, 2), TestColumns.Gather(reported.Bind(binding), 0, 1, 2));
    }

    private static double Deviation(double p) => Math.Sqrt(p * (1 - p) / Rows);
}
