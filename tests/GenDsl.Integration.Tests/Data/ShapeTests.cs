using System;
using System.Linq;
using GenDsl.Runtime.Data;
using GenDsl.Runtime.Data.Procedural;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Data;

public sealed class ShapeTests
{
    private const int Size = 28;

    [Fact]
    public void The_centre_of_mass_is_where_the_factors_say()
    {
        using var shapes = DataSets.Open("shapes", new DataOptions { Rows = 400 });
        using var images = shapes.Columns[0].Values.to(ScalarType.Float32);
        var pixels = images.data<float>().ToArray();
        var factors = shapes.Columns.ToDictionary(column => column.Name, column => column);
        var (x, y) = (factors["x"].Values.data<float>().ToArray(), factors["y"].Values.data<float>().ToArray());
        for (var row = 0; row < 400; row++)
        {
            var (centreX, centreY, _) = Moments(pixels[(row * Size * Size)..((row + 1) * Size * Size)]);
            Assert.Equal(13.5 + 0.2 * Size * x[row], centreX, 0.1);
            Assert.Equal(13.5 + 0.2 * Size * y[row], centreY, 0.1);
        }
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 1.299)]
    [InlineData(2, 1.7279)]
    [InlineData(3, 2.046)]
    public void The_area_is_that_of_the_shape(int shape, double areaOfUnitRadius)
    {
        for (var scale = 0.5f; scale <= 1; scale += 0.125f)
        {
            var picture = Draw(new ShapeFactors(shape, 0.1f, -0.2f, 0.13f, scale, 1));
            var radius = scale * 0.28 * Size;
            Assert.Equal(areaOfUnitRadius * radius * radius, Moments(picture).Mass / 255, 0.06 * areaOfUnitRadius * radius * radius);
        }
    }

    [Fact]
    public void A_quarter_turn_moves_an_ellipse_from_lying_to_standing()
    {
        var lying = Draw(new ShapeFactors(2, 0, 0, 0, 1, 1));
        var standing = Draw(new ShapeFactors(2, 0, 0, 0.25f, 1, 1));

        for (var row = 0; row < Size; row++)
        {
            for (var column = 0; column < Size; column++)
            {
                Assert.InRange(lying[row * Size + column] - standing[column * Size + row], -1, 1);
            }
        }

        Assert.NotEqual(lying, standing);
    }

    [Fact]
    public void Edges_are_smooth_and_the_inside_has_the_brightness_of_its_colour()
    {
        var picture = Draw(new ShapeFactors(0, 0, 0, 0.06f, 1, 0.5f));

        Assert.Equal(191, picture[14 * Size + 14]);
        Assert.Equal(191, picture.Max());
        Assert.InRange(picture.Count(value => value is > 0 and < 191), 20, 80);
    }

    [Theory]
    [InlineData(0, 255, 0, 0)]
    [InlineData(1 / 3f, 0, 255, 0)]
    [InlineData(2 / 3f, 0, 0, 255)]
    [InlineData(1 / 6f, 255, 255, 0)]
    public void A_colour_is_a_hue(float colour, byte red, byte green, byte blue)
    {
        var picture = new byte[3 * 32 * 32];
        ShapeRenderer.Draw(new ShapeFactors(0, 0, 0, 0, 1, colour), picture, 32, 3);

        Assert.Equal([red, green, blue], new[] { 0, 1, 2 }.Select(channel => picture[(channel * 32 + 16) * 32 + 16]));
    }

    [Fact]
    public void An_outline_is_the_filled_shape_with_a_hole()
    {
        using var pairs = DataSets.Open("paired-shapes", new DataOptions { Rows = 200 });
        var (outline, filled) = (pairs.Columns[0].Values.bytes.ToArray(), pairs.Columns[1].Values.bytes.ToArray());

        // The outline is white and the shape may be half as bright, so a faint edge may round to nothing.
        Assert.DoesNotContain(true, outline.Zip(filled, (line, fill) => line > 2 && fill == 0));
        Assert.InRange(outline.Count(value => value > 0) / (double)filled.Count(value => value > 0), 0.3, 0.9);
    }

    private static byte[] Draw(ShapeFactors shape)
    {
        var picture = new byte[Size * Size];
        ShapeRenderer.Draw(shape, picture, Size, 1);
        return picture;
    }

    private static (double X, double Y, double Mass) Moments(byte[] picture) => Moments(Array.ConvertAll(picture, value => (float)value));

    private static (double X, double Y, double Mass) Moments(float[] picture)
    {
        double mass = picture.Sum(value => (double)value);
        return (
            picture.Select((value, i) => (double)value * (i % Size)).Sum() / mass,
            picture.Select((value, i) => (double)value * (i / Size)).Sum() / mass,
            mass);
    }
}
