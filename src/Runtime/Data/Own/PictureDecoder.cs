using System;
using System.IO;
using SkiaSharp;

namespace GenDsl.Runtime.Data.Own;

/// <summary>
/// Decodes pictures to bytes. One of another size is scaled until it just covers the size wanted, and cut to its middle; one of that size keeps
/// its bytes. The orientation that a camera noted is followed, and what is transparent stands on white.
/// </summary>
internal static class PictureDecoder
{
    public static readonly string[] Endings = [".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp"];

    /// <summary>Reads the head of a file alone.</summary>
    /// <exception cref="DamagedFileException">It is no picture.</exception>
    public static PictureHead Head(string path)
    {
        using var codec = Open(path);
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        return IsTurned(codec.EncodedOrigin) ? new(height, width, IsGrey(codec)) : new(width, height, IsGrey(codec));
    }

    /// <summary>Decodes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="size">The size wanted.</param>
    /// <param name="target">Channel by channel, row by row.</param>
    /// <exception cref="DamagedFileException">It is no picture, or not a whole one.</exception>
    public static void Decode(string path, PictureSize size, Span<byte> target)
    {
        using var codec = Open(path);
        var grey = IsGrey(codec);
        var turned = IsTurned(codec.EncodedOrigin);
        var (width, height) = turned ? (size.Height, size.Width) : (size.Width, size.Height);

        // A JPEG can be decoded at half or a quarter of its size, which is all that a small space needs of a photograph.
        var scale = Math.Max((float)width / codec.Info.Width, (float)height / codec.Info.Height);
        var scaled = scale < 0.5f ? codec.GetScaledDimensions(2 * scale) : codec.Info.Size;
        using var whole = new SKBitmap(new SKImageInfo(scaled.Width, scaled.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        var result = codec.GetPixels(whole.Info, whole.GetPixels());
        if (result != SKCodecResult.Success)
        {
            throw new DamagedFileException(path, result is SKCodecResult.IncompleteInput ? "is damaged: it ends before its last row of pixels." : $"is damaged: its pixels cannot be decoded ({result}).");
        }

        var isAsWanted = codec.EncodedOrigin == SKEncodedOrigin.TopLeft && (whole.Width, whole.Height) == (size.Width, size.Height) && codec.Info.IsOpaque;
        using var fitted = isAsWanted ? null : Fit(whole, codec.EncodedOrigin, size);
        Copy((fitted ?? whole).GetPixelSpan(), size, grey, target);
    }

    private static SKCodec Open(string path)
    {
        try
        {
            // From bytes: Skia's own streams say nothing of why a file cannot be read.
            using var data = SKData.CreateCopy(File.ReadAllBytes(path));
            return SKCodec.Create(data) ?? throw new DamagedFileException(path, data.Size == 0 ? "is empty." : $"is no picture of a known format ({string.Join(", ", Endings)}).");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DamagedFileException(path, $"cannot be read: {error.Message}", error);
        }
    }

    private static bool IsGrey(SKCodec codec) => codec.Info.ColorType == SKColorType.Gray8;

    private static bool IsTurned(SKEncodedOrigin origin) =>
        origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;

    private static SKBitmap Fit(SKBitmap whole, SKEncodedOrigin origin, PictureSize size)
    {
        var upright = Upright(origin, whole.Width, whole.Height);
        var (width, height) = IsTurned(origin) ? (whole.Height, whole.Width) : (whole.Width, whole.Height);
        var scale = Math.Max((float)size.Width / width, (float)size.Height / height);
        var fitted = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        using var canvas = new SKCanvas(fitted);
        using var image = SKImage.FromBitmap(whole);
        canvas.Clear(SKColors.White);
        canvas.Translate((size.Width - scale * width) / 2, (size.Height - scale * height) / 2);
        canvas.Scale(scale);
        canvas.Concat(upright);
        canvas.DrawImage(image, 0, 0, new SKSamplingOptions(SKFilterMode.Linear, scale < 1 ? SKMipmapMode.Linear : SKMipmapMode.None));
        canvas.Flush();
        return fitted;
    }

    // From the pixels as they are stored to the picture upright.
    private static SKMatrix Upright(SKEncodedOrigin origin, int width, int height) => origin switch
    {
        SKEncodedOrigin.TopRight => new(-1, 0, width, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new(-1, 0, width, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new(1, 0, 0, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new(0, -1, height, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new(0, -1, height, -1, 0, width, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new(0, 1, 0, -1, 0, width, 0, 0, 1),
        _ => SKMatrix.Identity,
    };

    private static void Copy(ReadOnlySpan<byte> pixels, PictureSize size, bool isGrey, Span<byte> target)
    {
        var area = size.Height * size.Width;
        for (var i = 0; i < area; i++)
        {
            var (red, green, blue) = (pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2]);
            if (size.Channels == 3)
            {
                (target[i], target[area + i], target[2 * area + i]) = (red, green, blue);
            }
            else
            {
                target[i] = isGrey ? red : Channels.Luma(red, green, blue);
            }
        }
    }
}
