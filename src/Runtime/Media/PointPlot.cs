using System;
using System.Linq;
using SkiaSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Media;

/// <summary>Draws points of the plane as a picture.</summary>
public static class PointPlot
{
    private const int Margin = 16;

    /// <summary>Writes points to a square PNG file, replacing it as a whole. The axes through zero and a frame are drawn in grey.</summary>
    /// <param name="path">The file; its folder is made.</param>
    /// <param name="points">Shape <c>[n, 2]</c>: horizontal, then vertical, upwards.</param>
    /// <param name="extent">Half the side that is shown, around zero; by default the largest coordinate. Points outside are left out.</param>
    /// <param name="size">The side in pixels.</param>
    /// <exception cref="GenDslException">These are no points, a coordinate is not finite, or the file cannot be written.</exception>
    public static void Save(string path, Tensor points, double? extent = null, int size = 512) =>
        AtomicFile.Write(path, Encode(points, extent, size).Data);

    /// <summary>Makes the PNG file in memory; see <see cref="Save"/>.</summary>
    public static Picture Encode(Tensor points, double? extent = null, int size = 512)
    {
        if (points.dim() != 2 || points.size(1) != 2 || points.size(0) == 0)
        {
            throw new GenDslException($"A tensor of shape {ShapeText.Of(points)} holds no points: expected [n, 2] with n at least 1.");
        }

        var places = HostNumbers.Singles(points);
        if (Array.FindIndex(places, place => !float.IsFinite(place)) is var bad && bad >= 0)
        {
            throw new GenDslException($"Point {bad / 2} has a coordinate that is not finite, so it cannot be drawn.");
        }

        var half = extent ?? Math.Max(1e-6, places.Max(Math.Abs));
        using var bitmap = new SKBitmap(new SKImageInfo(size, size, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Draw(bitmap, places, half, size);
        return Picture.Encode(bitmap);
    }

    private static void Draw(SKBitmap bitmap, float[] places, double half, int size)
    {
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        using var line = new SKPaint { Color = new SKColor(0xC0, 0xC0, 0xC0), IsStroke = true };
        canvas.DrawRect(Margin, Margin, size - 2 * Margin, size - 2 * Margin, line);
        canvas.DrawLine(size / 2f, Margin, size / 2f, size - Margin, line);
        canvas.DrawLine(Margin, size / 2f, size - Margin, size / 2f, line);
        using var dot = new SKPaint { Color = new SKColor(0x1F, 0x4E, 0x9E, 0xA0), IsAntialias = true };
        var unit = (size / 2.0 - Margin) / half;
        for (var i = 0; i < places.Length; i += 2)
        {
            if (Math.Abs(places[i]) <= half && Math.Abs(places[i + 1]) <= half)
            {
                canvas.DrawCircle((float)(size / 2.0 + places[i] * unit), (float)(size / 2.0 - places[i + 1] * unit), 2, dot);
            }
        }
    }
}
