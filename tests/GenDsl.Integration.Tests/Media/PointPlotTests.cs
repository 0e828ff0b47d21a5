using System;
using GenDsl.Runtime;
using GenDsl.Runtime.Media;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Media;

public sealed class PointPlotTests
{
    [Fact]
    public void A_point_is_drawn_where_it_lies_with_y_upwards()
    {
        using var points = tensor(new[] { 1f, 0.5f, 7f, 7f }).reshape(2, 2);
        using var png = new PngPixels(PointPlot.Encode(points, extent: 1, size: 132).Data);

        // 66 is the middle and 50 pixels are one; the point at (7, 7) lies outside.
        Assert.Equal((132, 132), png.Size);
        Assert.True(png[115, 41].Red < 150);
        Assert.Equal((255, 255, 255), png[100, 100]);
        Assert.Equal((255, 255, 255), png[100, 30]);
        Assert.Equal((255, 255, 255), png[131, 0]);
    }

    [Fact]
    public void What_are_no_points_are_refused()
    {
        using var wide = zeros(4, 3);
        using var bad = tensor(new[] { 0f, 0f, float.PositiveInfinity, 0f }).reshape(2, 2);

        Assert.Contains("[4, 3]", Assert.Throws<GenDslException>(() => PointPlot.Encode(wide)).Message, StringComparison.Ordinal);
        Assert.Contains("Point 1", Assert.Throws<GenDslException>(() => PointPlot.Encode(bad)).Message, StringComparison.Ordinal);
    }
}
