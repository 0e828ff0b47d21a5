using System;
using SkiaSharp;

namespace GenDsl.Integration.Tests.Media;

/// <summary>A PNG file, decoded.</summary>
internal sealed class PngPixels : IDisposable
{
    private readonly SKBitmap _bitmap;

    public PngPixels(byte[] png) => _bitmap = SKBitmap.Decode(png) ?? throw new InvalidOperationException("These bytes are no picture.");

    public (int Width, int Height) Size => (_bitmap.Width, _bitmap.Height);

    public (byte Red, byte Green, byte Blue) this[int x, int y] => _bitmap.GetPixel(x, y) is var pixel ? (pixel.Red, pixel.Green, pixel.Blue) : default;

    public void Dispose() => _bitmap.Dispose();
}
