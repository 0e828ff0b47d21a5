using System;
using SkiaSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Media;

/// <summary>Lays pictures out in a grid and writes it as a PNG file. The range of their space decides what is black and what is white.</summary>
public static class ImageGrid
{
    private const byte Gap = 96;
    private const int PreferredWidth = 84;
    private const int MostPixels = 64 << 20;

    /// <summary>Writes pictures to a PNG file, replacing it as a whole.</summary>
    /// <param name="path">The file; its folder is made.</param>
    /// <param name="images">Shape <c>[n, 1, h, w]</c>, <c>[n, 3, h, w]</c> or <c>[n, h, w]</c>, values in the space's range; others are clipped.</param>
    /// <param name="space">The space of the pictures: bounded reals, levels or bits.</param>
    /// <param name="options">The layout.</param>
    /// <exception cref="GenDslException">These are no pictures, the space has no range, a value is not a number, or the file cannot be written.</exception>
    public static void Save(string path, Tensor images, SpaceInfo space, ImageGridOptions? options = null) =>
        AtomicFile.Write(path, Encode(images, space, options).Data);

    /// <summary>Makes the PNG file in memory; see <see cref="Save"/>.</summary>
    public static Picture Encode(Tensor images, SpaceInfo space, ImageGridOptions? options = null)
    {
        var pixels = PixelBlock.Of(images, space);
        using var bitmap = Draw(pixels, options ?? new ImageGridOptions());
        return Picture.Encode(bitmap);
    }

    private static SKBitmap Draw(PixelBlock pixels, ImageGridOptions options)
    {
        var columns = options.Columns > 0 ? Math.Min(options.Columns, pixels.Count) : (int)Math.Ceiling(Math.Sqrt(pixels.Count));
        var rows = (pixels.Count + columns - 1) / columns;
        var scale = options.Scale > 0 ? options.Scale : Math.Max(1, PreferredWidth / pixels.Width);
        var padding = Math.Max(0, options.Padding);
        var width = columns * (pixels.Width * scale + padding) + padding;
        var height = rows * (pixels.Height * scale + padding) + padding;
        if ((long)width * height > MostPixels)
        {
            throw new GenDslException($"A grid of {width}x{height} pixels is too large. Save fewer pictures, or set a smaller scale.");
        }

        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var target = bitmap.GetPixelSpan();
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = i % 4 == 3 ? byte.MaxValue : Gap;
        }

        for (var image = 0; image < pixels.Count; image++)
        {
            var left = padding + image % columns * (pixels.Width * scale + padding);
            var top = padding + image / columns * (pixels.Height * scale + padding);
            for (var y = 0; y < pixels.Height * scale; y++)
            {
                for (var x = 0; x < pixels.Width * scale; x++)
                {
                    var at = 4 * ((top + y) * width + left + x);
                    for (var channel = 0; channel < 3; channel++)
                    {
                        target[at + channel] = pixels[image, channel, y / scale, x / scale];
                    }
                }
            }
        }

        return bitmap;
    }
}
