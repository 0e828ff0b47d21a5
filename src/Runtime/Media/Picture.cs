using SkiaSharp;

namespace GenDsl.Runtime.Media;

/// <summary>An encoded picture.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Data">A PNG file.</param>
public sealed record Picture(int Width, int Height, byte[] Data)
{
    internal static Picture Encode(SKBitmap bitmap)
    {
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return new Picture(bitmap.Width, bitmap.Height, data.ToArray());
    }
}
