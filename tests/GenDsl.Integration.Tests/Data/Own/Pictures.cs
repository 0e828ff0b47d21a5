using System;
using System.IO;
using SkiaSharp;

namespace GenDsl.Integration.Tests.Data.Own;

/// <summary>Picture files for tests.</summary>
internal static class Pictures
{
    /// <summary>A grey PNG of any levels.</summary>
    public static byte[] Grey(int width, int height, Func<int, int, byte> level)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                bitmap.GetPixelSpan()[(y * bitmap.RowBytes) + x] = level(x, y);
            }
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>A picture in colour.</summary>
    public static byte[] Color(int width, int height, Func<int, int, SKColor> color, SKEncodedImageFormat format = SKEncodedImageFormat.Png)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                bitmap.SetPixel(x, y, color(x, y));
            }
        }

        using var data = bitmap.Encode(format, 95);
        return data.ToArray();
    }

    /// <summary>The first part of a file: its head is right, its pixels are missing.</summary>
    public static byte[] CutOff(byte[] file) => file[..(file.Length / 2)];

    /// <summary>Grey noise: a file that does not shrink to nothing.</summary>
    public static byte[] Noise(int width, int height, int seed)
    {
        var random = new Random(seed);
        return Grey(width, height, (_, _) => (byte)random.Next(256));
    }

    /// <summary>So many grey pictures, whose corner says which they are, and their names.</summary>
    public static void Fill(ScratchFolder folder, int count, int size = 8)
    {
        for (var i = 0; i < count; i++)
        {
            var number = i;
            folder.Write(Path.Combine("pictures", $"{i:000}.png"), Grey(size, size, (x, y) => (byte)(x + y == 0 ? number : 7 * x + 11 * y + number)));
        }
    }
}
