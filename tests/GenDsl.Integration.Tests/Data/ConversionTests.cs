using System;
using System.Linq;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Data;

public sealed class ConversionTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(0, 255)]
    [InlineData(-2, 6)]
    public void Levels_fill_the_range_of_a_real_space_and_reach_both_ends_exactly(double low, double high)
    {
        var values = TestColumns.Gather(TestColumns.Ramp(1).As(TestSpaces.Real(low, high, 1, 16, 16)), 0);

        Assert.Equal((float)low, values[0]);
        Assert.Equal((float)high, values[255]);
        Assert.All(values.Select((value, i) => value - (i / 255.0 * (high - low) + low)), error => Assert.InRange(error, -1e-5, 1e-5));
    }

    [Fact]
    public void Levels_of_a_level_space_stay_what_they_are()
    {
        var values = TestColumns.Gather(TestColumns.Levels(17, 0, 5, 16).As(TestSpaces.Levels(17)), 2, 0, 1);

        Assert.Equal([16f, 0f, 5f], values);
    }

    [Fact]
    public void Bytes_become_four_bits_by_their_upper_half()
    {
        var values = TestColumns.Gather(TestColumns.Ramp(1).As(TestSpaces.Levels(16, 1, 16, 16)), 0);

        Assert.Equal(Enumerable.Range(0, 256).Select(k => (float)Math.Floor(k * 16 / 256.0)), values);
    }

    [Fact]
    public void Levels_of_unequal_width_are_an_error()
    {
        Assert.Contains("17 levels and the space 16", Assert.Throws<GenDslException>(() => TestColumns.Levels(17, 0, 5, 16).As(TestSpaces.Levels(16))).Message, StringComparison.Ordinal);
        Assert.Contains("16 levels and the space 256", Assert.Throws<GenDslException>(() => TestColumns.Levels(16, 0, 5, 15).As(TestSpaces.Levels(256))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Codes_and_classes_are_each_other()
    {
        var text = new Column("text", ElementKind.Code, 5, 0, 4, tensor(new byte[] { 0, 4, 2, 1 }, ScalarType.Byte).reshape(2, 2));

        Assert.Equal([2f, 1f], TestColumns.Gather(text.As(new SpaceInfo("Text", ElementKind.Class, 5, [-1], 0, 4) { FreeSizes = ["T"] }), 1));
        Assert.Contains("5 classes and the space 6", Assert.Throws<GenDslException>(() => text.As(new SpaceInfo("Text", ElementKind.Class, 6, [2], 0, 5))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Seventeen_levels_are_divided_by_sixteen()
    {
        Assert.Equal([0f, 0.5f, 1f], TestColumns.Gather(TestColumns.Levels(17, 0, 8, 16).As(TestSpaces.Real(0, 1)), 0, 1, 2));
    }

    [Fact]
    public void Classes_become_int64()
    {
        using var indices = tensor(new[] { 2L, 1L });
        using var classes = TestColumns.Labels(10, 3, 9, 0).As(TestSpaces.Class(10)).Gather(indices, Draws.Root(0, CPU));

        Assert.Equal(ScalarType.Int64, classes.dtype);
        Assert.Equal([0L, 9L], classes.data<long>().ToArray());
    }

    [Fact]
    public void A_missing_channel_axis_is_added()
    {
        using var indices = tensor(new[] { 0L, 0L });
        using var images = TestColumns.Ramp(1).As(TestSpaces.Real(0, 1, 1, 16, 16)).Gather(indices, Draws.Root(0, CPU));

        Assert.Equal([2L, 1L, 16L, 16L], images.shape);
        Assert.Equal(ScalarType.Float32, images.dtype);
    }

    [Fact]
    public void Gathered_rows_are_the_callers_own()
    {
        var column = TestColumns.Reals(0, 1, 0.25f, 0.5f);
        var reader = column.As(TestSpaces.Real(0, 1));
        using var indices = tensor(new[] { 0L });
        using (var first = reader.Gather(indices, Draws.Root(0, CPU)))
        {
            first.zero_();
        }

        Assert.Equal([0.25f], TestColumns.Gather(reader, 0));
    }

    [Fact]
    public void Sixteen_bit_samples_are_read_as_reals_and_as_mu_law()
    {
        short[] samples = [-32768, 0, 16384, 32767];
        var column = new Column("audio", ElementKind.Real, 0, -1, 1, tensor(samples, ScalarType.Int16).reshape(1, 4));

        Assert.Equal([-1f, 0f, 0.5f, 32767f / 32768f], TestColumns.Gather(column.As(TestSpaces.Real(-1, 1, 4)), 0));

        // 128 + 127.5 * ln(1 + 255 / 2) / ln(256), from the formula.
        Assert.Equal([0f, 128f, 239f, 255f], TestColumns.Gather(column.As(TestSpaces.MuLaw(256, 4)), 0));
    }

    [Fact]
    public void A_reader_bound_inside_a_dispose_scope_outlives_it()
    {
        Source source;
        IColumnReader bits;
        using (NewDisposeScope())
        {
            source = DataSets.Open("shapes:test", new DataOptions { Rows = 3 });
            bits = source.Bind(new ColumnBinding("image", TestSpaces.Bits(1, 28, 28)));
        }

        Assert.Equal(2 * 28 * 28, TestColumns.Gather(bits, 0, 2).Length);
        Assert.Equal(3, TestColumns.Gather(source.Bind(new ColumnBinding("image", TestSpaces.Real(0, 1, 28, 28))), 0, 1, 2).Length / 784);
        source.Dispose();
        Assert.Equal(28 * 28, TestColumns.Gather(bits, 1).Length);
    }

    [Theory]
    [InlineData(1.5f, "row 1: the value 1.5 is outside [0, 1]")]
    [InlineData(float.NaN, "row 1: the value NaN")]
    public void A_real_outside_its_space_is_an_error_that_names_the_row(float wrong, string expected)
    {
        var error = Assert.Throws<GenDslException>(() => TestColumns.Reals(0, 1, 0.5f, wrong, 2f).As(TestSpaces.Real(0, 1)));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_infinite_real_is_refused_by_an_unbounded_space_too()
    {
        var error = Assert.Throws<GenDslException>(() => TestColumns.Reals(0, 1, float.PositiveInfinity).As(TestSpaces.Unbounded()));

        Assert.Contains("row 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bound_that_f32_cannot_hold_includes_its_own_rounding()
    {
        Assert.Equal([0.1f], TestColumns.Gather(TestColumns.Reals(0, 0.1, 0.1f).As(TestSpaces.Real(0, 0.1)), 0));
    }

    [Fact]
    public void What_does_not_fit_says_both_sides()
    {
        Assert.Contains("[16, 16] and [5, 16, 16]", Problem(TestColumns.Ramp(1), TestSpaces.Real(0, 1, 5, 16, 16)), StringComparison.Ordinal);
        Assert.Contains("NAME@color", Problem(TestColumns.Ramp(1), TestSpaces.Real(0, 1, 3, 16, 16)), StringComparison.Ordinal);
        Assert.Contains("reshape inside the model", Problem(TestColumns.Ramp(1), TestSpaces.Real(0, 1, 256)), StringComparison.Ordinal);
        Assert.Contains("256 levels and the space 17", Problem(TestColumns.Ramp(1), TestSpaces.Levels(17, 16, 16)), StringComparison.Ordinal);
        Assert.Contains("10 classes and the space 12", Problem(TestColumns.Labels(10, 1), TestSpaces.Class(12)), StringComparison.Ordinal);
        Assert.Contains("need a range", Problem(TestColumns.Ramp(1), TestSpaces.Unbounded(16, 16)), StringComparison.Ordinal);
        Assert.Contains("classes are not bits", Problem(TestColumns.Labels(10, 1), TestSpaces.Bits()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_beyond_the_count_is_an_error_that_names_the_row()
    {
        Assert.Contains("row 1: the value 7", Problem(TestColumns.Labels(5, 4, 7), TestSpaces.Class(5)), StringComparison.Ordinal);
    }

    private static string Problem(Column column, SpaceInfo space) => Assert.Throws<GenDslException>(() => column.As(space)).Message;
}
