using System;
using System.IO;
using System.Linq;
using GenDsl.Integration.Tests.Data;
using GenDsl.Runtime;
using GenDsl.Runtime.Media;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Media;

public sealed class ImageGridTests
{
    private static readonly ImageGridOptions Bare = new() { Columns = 2, Padding = 0, Scale = 1 };

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 1)]
    [InlineData(0, 255)]
    public void The_range_of_the_space_becomes_black_to_white(double low, double high)
    {
        using var unit = arange(16, ScalarType.Float32).reshape(1, 1, 4, 4) / 15;
        using var images = unit * (high - low) + low;
        using var png = Decode(ImageGrid.Encode(images, TestSpaces.Real(low, high, 1, 4, 4), Bare));

        Assert.Equal((4, 4), png.Size);
        for (var i = 0; i < 16; i++)
        {
            Assert.Equal((17 * i, 17 * i, 17 * i), png[i % 4, i / 4]);
        }
    }

    [Fact]
    public void Colours_keep_their_channels_and_values_outside_are_clipped()
    {
        using var images = tensor(new[] { 1f, 1f, 1f, 1f, 0f, 0f, 0f, 0f, 9f, -9f, 0.2f, 0.4f }).reshape(1, 3, 2, 2);
        using var png = Decode(ImageGrid.Encode(images, TestSpaces.Real(0, 1, 3, 2, 2), Bare));

        Assert.Equal(((255, 0, 255), (255, 0, 0), (255, 0, 51), (255, 0, 102)), (png[0, 0], png[1, 0], png[0, 1], png[1, 1]));
    }

    [Fact]
    public void Pictures_stand_in_rows_with_gaps_and_are_enlarged()
    {
        using var images = tensor(new[] { 0f, 0f, 0f, 0f, 1f, 1f, 1f, 1f, 0.6f, 0.6f, 0.6f, 0.6f }).reshape(3, 2, 2);
        using var png = Decode(ImageGrid.Encode(images, TestSpaces.Real(0, 1, 2, 2), new ImageGridOptions { Columns = 2, Padding = 3, Scale = 5 }));

        // Two pictures of 10 pixels and three gaps of 3.
        Assert.Equal((29, 29), png.Size);
        Assert.All(new[] { (3, 3), (12, 12) }, at => Assert.Equal((0, 0, 0), png[at.Item1, at.Item2]));
        Assert.All(new[] { (16, 3), (25, 12) }, at => Assert.Equal((255, 255, 255), png[at.Item1, at.Item2]));
        Assert.All(new[] { (3, 16), (12, 25) }, at => Assert.Equal((153, 153, 153), png[at.Item1, at.Item2]));
        Assert.All(new[] { (2, 3), (13, 3), (15, 5), (28, 28), (20, 20) }, at => Assert.Equal((96, 96, 96), png[at.Item1, at.Item2]));
    }

    [Fact]
    public void Levels_and_bits_have_their_own_ranges()
    {
        using var levels = tensor(new[] { 0f, 4f, 8f, 16f }).reshape(1, 2, 2);
        using var bits = tensor(new[] { 0f, 1f, 1f, 0f }).reshape(1, 2, 2);
        using var grey = Decode(ImageGrid.Encode(levels, TestSpaces.Levels(17, 2, 2), Bare));
        using var black = Decode(ImageGrid.Encode(bits, TestSpaces.Bits(2, 2), Bare));

        Assert.Equal([0, 64, 128, 255], new[] { grey[0, 0].Red, grey[1, 0].Red, grey[0, 1].Red, grey[1, 1].Red }.Select(value => (int)value));
        Assert.Equal([0, 255, 255, 0], new[] { black[0, 0].Red, black[1, 0].Red, black[0, 1].Red, black[1, 1].Red }.Select(value => (int)value));
    }

    [Fact]
    public void A_grid_of_mnist_size_is_large_enough_to_look_at()
    {
        using var images = zeros(64, 1, 28, 28);
        var picture = ImageGrid.Encode(images, TestSpaces.Real(-1, 1, 1, 28, 28));

        Assert.Equal((8 * 84 + 9 * 2, 8 * 84 + 9 * 2), (picture.Width, picture.Height));
    }

    [Fact]
    public void What_is_no_picture_is_refused()
    {
        using var images = zeros(1, 1, 4, 4);
        using var wrong = zeros(1, 2, 4, 4);
        using var bad = full([1, 1, 4, 4], float.NaN);

        Assert.Contains("Give the space a range", Problem(images, TestSpaces.Unbounded(1, 4, 4)), StringComparison.Ordinal);
        Assert.Contains("[1, 2, 4, 4]", Problem(wrong, TestSpaces.Real(0, 1, 1, 4, 4)), StringComparison.Ordinal);
        Assert.Contains("not a number", Problem(bad, TestSpaces.Real(0, 1, 1, 4, 4)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_replaced_as_a_whole_and_nothing_else_is_left()
    {
        using var folder = new ScratchFolder();
        using var images = zeros(1, 1, 4, 4);
        var space = TestSpaces.Real(0, 1, 1, 4, 4);
        ImageGrid.Save(folder["run/samples.png"], images, space);
        images.fill_(1);
        ImageGrid.Save(folder["run/samples.png"], images, space, Bare);

        Assert.Equal([folder["run/samples.png"]], Directory.GetFiles(folder["run"]));
        using var png = new PngPixels(File.ReadAllBytes(folder["run/samples.png"]));
        Assert.Equal((255, 255, 255), png[0, 0]);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_one_clear_error()
    {
        using var folder = new ScratchFolder();
        var blocked = folder.Write("file", [1]);
        using var images = zeros(1, 1, 4, 4);

        var error = Assert.Throws<GenDslException>(() => ImageGrid.Save(Path.Combine(blocked, "samples.png"), images, TestSpaces.Real(0, 1, 1, 4, 4)));
        Assert.Contains("samples.png", error.Message, StringComparison.Ordinal);
    }

    private static PngPixels Decode(Picture picture) => new(picture.Data);

    private static string Problem(Tensor images, SpaceInfo space) =>
        Assert.Throws<GenDslException>(() => ImageGrid.Encode(images, space)).Message;
}
