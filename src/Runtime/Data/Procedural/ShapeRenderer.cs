using System;

namespace GenDsl.Runtime.Data.Procedural;

/// <summary>
/// Draws one shape on black. A pixel's coverage is 0.5 minus the signed distance of its centre to the outline, in pixels, clipped to [0, 1]:
/// smooth edges without supersampling. The circle around a shape always lies inside the picture.
/// </summary>
internal static class ShapeRenderer
{
    private static readonly double HalfRoot3 = Math.Sqrt(3) / 2;

    /// <summary>Draws into a picture of <c>[channels, size, size]</c> bytes that is black.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="picture">The bytes, channel by channel.</param>
    /// <param name="size">The side in pixels.</param>
    /// <param name="channels">1 for grey, 3 for colour.</param>
    /// <param name="line">The width of the outline in pixels; 0 fills the shape.</param>
    public static void Draw(in ShapeFactors shape, Span<byte> picture, int size, int channels, double line = 0)
    {
        Span<double> coverage = stackalloc double[size * size];
        Cover(shape, coverage, size, line);
        Span<double> colour = stackalloc double[3];
        Paint(shape.Colour, channels, colour);
        for (var site = 0; site < size * size; site++)
        {
            for (var channel = 0; channel < channels && coverage[site] > 0; channel++)
            {
                picture[channel * size * size + site] = (byte)Math.Round(255 * coverage[site] * colour[channel]);
            }
        }
    }

    /// <summary>How much of each pixel the shape covers, into <c>[size, size]</c> numbers that are 0.</summary>
    /// <inheritdoc cref="Draw"/>
    public static void Cover(in ShapeFactors shape, Span<double> coverage, int size, double line = 0)
    {
        var radius = shape.Scale * ShapeFactors.RadiusUnit * size;
        var (centreX, centreY) = Centre(shape, size);
        var (sin, cos) = Math.SinCos(2 * Math.PI * shape.Rotation);
        var (left, right) = Extent(centreX, radius, size);
        var (top, bottom) = Extent(centreY, radius, size);
        for (var row = top; row <= bottom; row++)
        {
            for (var column = left; column <= right; column++)
            {
                var (x, y) = (column - centreX, row - centreY);
                var distance = Distance(shape.Class, cos * x + sin * y, cos * y - sin * x, radius);
                var covered = Math.Clamp(0.5 - distance, 0, 1);
                coverage[row * size + column] = line > 0 ? covered - Math.Clamp(0.5 - (distance + line), 0, 1) : covered;
            }
        }
    }

    /// <summary>Where the shape's centre is, in pixels from the first one's.</summary>
    public static (double X, double Y) Centre(in ShapeFactors shape, int size) =>
        ((size - 1) / 2.0 + shape.X * ShapeFactors.PlaceUnit * size, (size - 1) / 2.0 + shape.Y * ShapeFactors.PlaceUnit * size);

    private static (int First, int Last) Extent(double centre, double radius, int size) =>
        ((int)Math.Max(0, Math.Floor(centre - radius - 1)), (int)Math.Min(size - 1, Math.Ceiling(centre + radius + 1)));

    /// <summary>Signed distance in pixels, negative inside; exact near edges, and sharp at corners.</summary>
    private static double Distance(int shape, double x, double y, double radius)
    {
        switch (shape)
        {
            case 0:
                return Box(x, y, radius * Math.Sqrt(0.5), radius * Math.Sqrt(0.5));
            case 1:
                return Math.Max(y, HalfRoot3 * Math.Abs(x) - 0.5 * y) - radius / 2;
            case 2:
                var (a, b) = (radius, 0.55 * radius);
                var level = Math.Sqrt(x * x / (a * a) + y * y / (b * b));
                var slope = Math.Sqrt(x * x / (a * a * a * a) + y * y / (b * b * b * b));
                // First-order distance; at the very centre the slope vanishes, and any negative number will do.
                return slope < 1e-9 ? -b : level * (level - 1) / slope;
            default:
                return Math.Min(Box(x, y, 0.94 * radius, 0.33 * radius), Box(x, y, 0.33 * radius, 0.94 * radius));
        }
    }

    private static double Box(double x, double y, double halfWidth, double halfHeight) =>
        Math.Max(Math.Abs(x) - halfWidth, Math.Abs(y) - halfHeight);

    /// <summary>The colour of each channel in [0, 1], as <see cref="ShapeFactors.Colour"/> says.</summary>
    public static void Paint(double value, int channels, Span<double> colour)
    {
        if (channels == 1)
        {
            colour[0] = 0.5 + 0.5 * value;
            return;
        }

        // Full saturation and brightness: each channel is a trapezium over the hue, a third of a turn apart.
        for (var channel = 0; channel < 3; channel++)
        {
            var hue = (value + 1 - channel / 3.0) % 1;
            colour[channel] = Math.Clamp(Math.Abs(hue * 6 - 3) - 1, 0, 1);
        }
    }
}
