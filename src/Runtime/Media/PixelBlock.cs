using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Media;

/// <summary>Pictures as bytes, with black at the low and white at the high end of their space.</summary>
internal sealed class PixelBlock
{
    private readonly byte[] _bytes;
    private readonly int _channels;

    private PixelBlock(byte[] bytes, int count, int channels, int height, int width)
    {
        (_bytes, _channels) = (bytes, channels);
        (Count, Height, Width) = (count, height, width);
    }

    public int Count { get; }

    public int Height { get; }

    public int Width { get; }

    /// <summary>A byte of a colour channel; a grey picture has the same in all three.</summary>
    public byte this[int image, int channel, int y, int x] =>
        _bytes[((image * _channels + Math.Min(channel, _channels - 1)) * Height + y) * Width + x];

    /// <summary>Whether samples of a space are pictures with a known range.</summary>
    public static bool Shows(SpaceInfo space) =>
        space.Element switch
        {
            ElementKind.Real or ElementKind.Levels or ElementKind.Bit => space.Shape is [not (0 or 1), not (0 or 1)] or [1 or 3, not (0 or 1), not (0 or 1)],

            // A map: a label for each site.
            ElementKind.Class or ElementKind.Code => space.Shape is [1, not (0 or 1), not (0 or 1)] && space.Count > 1,
            _ => false,
        }
        && Range(space) is var (low, high) && double.IsFinite(high - low);

    public static PixelBlock Of(Tensor images, SpaceInfo space)
    {
        if (!Shows(space))
        {
            throw new GenDslException(
                $"{space} cannot be shown as pictures: they are bounded reals, levels or bits of shape [h, w], [1, h, w] or [3, h, w], or maps of classes or codes, [1, h, w]. Give the space a range such as [-1, 1].");
        }

        var isGrey = images.dim() == 3;
        if (images.dim() is < 3 or > 4 || images.size(0) == 0 || !isGrey && images.size(1) is not (1 or 3))
        {
            throw new GenDslException(
                $"A tensor of shape {ShapeText.Of(images)} holds no pictures: expected [n, h, w], [n, 1, h, w] or [n, 3, h, w] with n at least 1.");
        }

        var (low, high) = Range(space);
        var data = HostNumbers.Singles(images);
        var bytes = new byte[data.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            var value = (data[i] - low) / (high - low);
            bytes[i] = double.IsNaN(value)
                ? throw new GenDslException($"A picture of space {space.Name} holds a value that is not a number.")
                : (byte)Math.Round(255 * Math.Clamp(value, 0, 1));
        }

        var channels = isGrey ? 1 : (int)images.size(1);
        return new PixelBlock(bytes, (int)images.size(0), channels, (int)images.size(-2), (int)images.size(-1));
    }

    private static (double Low, double High) Range(SpaceInfo space) => space.Element switch
    {
        ElementKind.Bit => (0, 1),
        ElementKind.Class or ElementKind.Code => (0, space.Count - 1),
        ElementKind.Levels when double.IsInfinity(space.Low) || double.IsInfinity(space.High) => (0, space.Count - 1),
        _ => (space.Low, space.High),
    };
}
