using System;
using System.Collections.Generic;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using Xunit;

namespace GenDsl.Integration.Tests.Data;

public sealed class BindingTests
{
    [Fact]
    public void A_column_is_found_by_its_name()
    {
        using var source = new Source("two", [Named("a", 1, 2), Named("b", 3, 4)]);

        Assert.Equal([4f], TestColumns.Gather(source.Bind(new ColumnBinding("b", TestSpaces.Class(10))), 1));
    }

    [Fact]
    public void The_only_column_that_fits_is_found_under_any_name()
    {
        using var source = new Source("one", [TestColumns.Ramp(2), TestColumns.Labels(10, 4, 5)]);

        Assert.Equal([5f], TestColumns.Gather(source.Bind(new ColumnBinding("digit", TestSpaces.Class(10))), 1));
    }

    [Fact]
    public void A_name_that_fits_by_accident_does_not_hide_the_only_fit()
    {
        using var shapes = DataSets.Open("shapes:test", new DataOptions { Rows = 2 });

        Assert.Equal(28 * 28, TestColumns.Gather(shapes.Bind(new ColumnBinding("x", TestSpaces.Real(-1, 1, 1, 28, 28))), 1).Length);
    }

    // A label is no text of length one, so that the text is the only fit.
    [Fact]
    public void One_label_for_each_row_has_no_free_size()
    {
        using var source = new Source("texts", [new Column("text", ElementKind.Code, 28, 0, 27, TorchSharp.torch.zeros(2, 5, TorchSharp.torch.ScalarType.Int32)), TestColumns.Labels(10, 4, 5)]);
        var text = new SpaceInfo("Text", ElementKind.Code, 28, [-1], 0, 27) { FreeSizes = ["T"] };

        Assert.Equal(5, TestColumns.Gather(source.Bind(new ColumnBinding("x", text)), 1).Length);
        using var alone = new Source("labels", [TestColumns.Labels(28, 4, 5)]);
        Assert.Contains("it is one label for each row", Assert.Throws<GenDslException>(() => alone.Bind(new ColumnBinding("x", text))).Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_free_size_is_that_of_the_data_and_one_under_one_name()
    {
        using var source = new Source("two", [TestColumns.Ramp(2), TestColumns.Reals(-1, 1, 0, 0)]);
        var photo = new ColumnBinding("image", new SpaceInfo("Photo", ElementKind.Levels, 256, [1, -1, -1], 0, 255) { FreeSizes = ["H", "W"] });

        Assert.Equal(new Dictionary<string, long> { ["H"] = 16, ["W"] = 16 }, source.SizesOf([photo]));
        Assert.Equal(256, TestColumns.Gather(source.Bind(photo), 1).Length);
    }

    [Fact]
    public void Two_sizes_under_one_name_are_an_error()
    {
        using var source = new Source("two", [TestColumns.Grey(new byte[12], 2, 3), TestColumns.Grey(new byte[10], 5, 1) is var other ? new Column("mask", other.Kind, 256, 0, 255, other.Values) : null!]);
        SpaceInfo Space(string name) => new(name, ElementKind.Levels, 256, [-1, -1], 0, 255) { FreeSizes = ["H", "W"] };

        var message = Assert.Throws<GenDslException>(() => source.SizesOf([new ColumnBinding("image", Space("Image")), new ColumnBinding("mask", Space("Mask"))])).Message;
        Assert.Contains("'H' is 2 in 'image' and 5 in 'mask'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_fits_are_an_error_that_names_them()
    {
        using var source = new Source("two", [Named("first", 1), Named("second", 3)]);

        var message = Problem(source, "secnd", TestSpaces.Class(10));
        Assert.Contains("2 fit ('first', 'second')", message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'second'?", message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_fit_is_an_error_that_lists_every_column_with_kind_shape_and_range()
    {
        using var source = new Source("mixed", [TestColumns.Ramp(2), TestColumns.Labels(10, 4, 5), TestColumns.Reals(-1, 1, 0, 0)]);

        var message = Problem(source, "photo", TestSpaces.Real(0, 1, 3, 32, 32));
        Assert.Contains("Image: real[3, 32, 32] in [0, 1]", message, StringComparison.Ordinal);
        Assert.Contains("'image': levels(256) [16, 16]; 'label': class(10); 'x': real in [-1, 1]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_column_that_misses_says_why()
    {
        using var source = new Source("mixed", [TestColumns.Ramp(2), TestColumns.Labels(10, 4, 5)]);

        Assert.Contains("10 classes and the space 7", Problem(source, "label", TestSpaces.Class(7)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_slice_that_is_not_there_is_an_error()
    {
        using var source = new Source("short", [TestColumns.Labels(10, 4, 5)]);

        Assert.Contains("has 2 rows", Assert.Throws<GenDslException>(() => source.Slice(1, 2)).Message, StringComparison.Ordinal);
    }

    private static Column Named(string name, params byte[] values)
    {
        var column = TestColumns.Labels(10, values);
        return new Column(name, column.Kind, column.Count, column.Low, column.High, column.Values);
    }

    private static string Problem(Source source, string name, SpaceInfo space) =>
        Assert.Throws<GenDslException>(() => source.Bind(new ColumnBinding(name, space))).Message;
}
