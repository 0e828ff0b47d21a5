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
        var radius = shape.Scale * ShapeFactors.RadiusUnit * size;
        var unit = ShapeFactors.PlaceUnit * size;
        var (centreX, centreY) = ((size - 1) / 2.0 + shape.X * unit, (size - 1) / 2.0 + shape.Y * unit);
        var (sin, cos) = Math.SinCos(2 * Math.PI * shape.Rotation);
        Span<double> colour = stackalloc double[3];
        Paint(shape.Colour, channels, colour);
        var (left, right) = Extent(centreX, radius, size);
        var (top, bottom) = Extent(centreY, radius, size);
        for (var row = top; row <= bottom; row++)
        {
            for (var column = left; column <= right; column++)
            {
                var (x, y) = (column - centreX, row - centreY);
                var distance = Distance(shape.Class, cos * x + sin * y, cos * y - sin * x, radius);
                var coverage = Math.Clamp(0.5 - distance, 0, 1);
                if (line > 0)
                {
                    coverage -= Math.Clamp(0.5 - (distance + line), 0, 1);
                }

                for (var channel = 0; channel < channels; channel++)
                {
                    picture[(channel * size + row) * size + column] = (byte)Math.Round(255 * coverage * colour[channel]);
                }
            }
        }
    }

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

    private static void Paint(double value, int channels, Span<double> colour)
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
