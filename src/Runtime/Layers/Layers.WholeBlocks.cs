using System;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>
/// Convolutions around a fault of libtorch 2.10 on the CPU (oneDNN 3.7.1, f32): where images are laid out in blocks of 16 channels, those that fill
/// up the last block are memory that nobody wrote, and kernels read them. It shows in the gradient of a convolution's input and in a transposed
/// convolution for any number that is no multiple of 16, the other way for such numbers above 16. In gradients of gradients
/// rows take the place of channels. Channels and rows of zeros fill the blocks here; the kernel computes whole blocks anyway.
/// </content>
public static partial class Layers
{
    private const long Block = 16;

    /// <summary>A convolution over one axis.</summary>
    /// <param name="x">Shape <c>[n, c, t]</c>.</param>
    /// <param name="weight">Shape <c>[out, c, kernel]</c>.</param>
    /// <param name="bias">Shape <c>[out]</c>, or null.</param>
    /// <param name="stride">Step between sites.</param>
    /// <param name="padding">Zeros at either end.</param>
    /// <param name="dilation">Distance between taps.</param>
    public static Tensor Conv1d(Tensor x, Tensor weight, Tensor? bias, long stride, long padding, long dilation) =>
        Whole(x, weight, bias, stride > 1, isTransposed: false, (a, w, b) => nn.functional.conv1d(a, w, b, stride: stride, padding: padding, dilation: dilation));

    /// <summary>A convolution over rows and columns.</summary>
    /// <param name="x">Shape <c>[n, c, h, w]</c>.</param>
    /// <param name="weight">Shape <c>[out, c, kernel...]</c>.</param>
    /// <param name="bias">Shape <c>[out]</c>, or null.</param>
    /// <param name="strides">Step between sites, per axis.</param>
    /// <param name="padding">Zeros at either end, per axis.</param>
    /// <param name="dilation">Distance between taps, per axis.</param>
    public static Tensor Conv2d(Tensor x, Tensor weight, Tensor? bias, long[] strides, long[] padding, long[] dilation) =>
        Whole(x, weight, bias, strides.Any(s => s > 1), isTransposed: false, (a, w, b) => nn.functional.conv2d(a, w, b, strides: strides, padding: padding, dilation: dilation));

    /// <summary>A transposed convolution over one axis.</summary>
    /// <param name="x">Shape <c>[n, c, t]</c>.</param>
    /// <param name="weight">Shape <c>[c, out, kernel]</c>.</param>
    /// <param name="bias">Shape <c>[out]</c>, or null.</param>
    /// <param name="stride">Sites of the result per site of <paramref name="x"/>.</param>
    /// <param name="padding">Sites cropped from either end.</param>
    /// <param name="dilation">Distance between taps.</param>
    public static Tensor ConvTranspose1d(Tensor x, Tensor weight, Tensor? bias, long stride, long padding, long dilation) =>
        Whole(x, weight, bias, stride > 1, isTransposed: true, (a, w, b) => nn.functional.conv_transpose1d(a, w, b, stride: stride, padding: padding, dilation: dilation));

    /// <summary>A transposed convolution over rows and columns.</summary>
    /// <param name="x">Shape <c>[n, c, h, w]</c>.</param>
    /// <param name="weight">Shape <c>[c, out, kernel...]</c>.</param>
    /// <param name="bias">Shape <c>[out]</c>, or null.</param>
    /// <param name="strides">Sites of the result per site of <paramref name="x"/>, per axis.</param>
    /// <param name="padding">Sites cropped from either end, per axis.</param>
    /// <param name="dilation">Distance between taps, per axis.</param>
    /// <param name="output_padding">Sites at the end of an axis that its padding would crop, but which stay.</param>
    public static Tensor ConvTranspose2d(
        Tensor x, Tensor weight, Tensor? bias, long[] strides, long[] padding, long[] dilation, long[]? output_padding = null) =>
        Whole(x, weight, bias, strides.Any(s => s > 1), isTransposed: true, (a, w, b) => nn.functional.conv_transpose2d(a, w, b, strides: strides, padding: padding, output_padding: output_padding, dilation: dilation));

    // Channels and rows of zeros around a convolution, which are cut off its result again.
    private static Tensor Whole(
        Tensor x, Tensor weight, Tensor? bias, bool isStrided, bool isTransposed, Func<Tensor, Tensor, Tensor?, Tensor> convolve)
    {
        var (before, behind, rows) = isTransposed
            ? (MissingBefore(x, isStrided), MissingBehind(x, weight, isStrided), MissingRows(x))
            : (MissingIn(x, isStrided), MissingOut(x, weight, isStrided), MissingRows(x));
        if (before + behind + rows == 0)
        {
            return convolve(x, weight, bias);
        }

        // Of the sites, which come first, none is missing.
        var sites = new long[2 * (x.dim() - 2)];
        using var wide = before + rows == 0 ? x.alias() : nn.functional.pad(x, [.. sites, 0, before, 0, rows]);
        using var whole = before + behind == 0 ? weight.alias() : nn.functional.pad(weight, isTransposed ? [.. sites, 0, behind, 0, before] : [.. sites, 0, before, 0, behind]);
        using var shift = behind == 0 ? bias?.alias() : bias is null ? null : nn.functional.pad(bias, [0, behind]);
        return First(convolve(wide, whole, shift), x.size(0), weight.size(isTransposed ? 1 : 0));
    }

    // Of a convolution. Fewer channels than a block are read as they are; kernels of a single tap take another way back, which is right.
    private static long MissingIn(Tensor x, bool isStrided) => IsConcerned(x) && x.size(1) > Block ? Missing(x.size(1), isStrided) : 0;

    private static long MissingOut(Tensor x, Tensor weight, bool isStrided) =>
        IsConcerned(x) && is_grad_enabled() && x.requires_grad && weight.numel() > weight.size(0) * weight.size(1) ? Missing(weight.size(0), isStrided) : 0;

    // Of a transposed one, which is the way back of the other.
    private static long MissingBefore(Tensor x, bool isStrided) => IsConcerned(x) ? Missing(x.size(1), isStrided) : 0;

    private static long MissingBehind(Tensor x, Tensor weight, bool isStrided) => IsConcerned(x) && weight.size(1) > Block ? Missing(weight.size(1), isStrided) : 0;

    private static long MissingRows(Tensor x) => IsConcerned(x) && is_grad_enabled() && x.requires_grad && x.size(0) > Block ? Missing(x.size(0), isStrided: false) : 0;

    private static bool IsConcerned(Tensor x) => x.dtype == ScalarType.Float32 && x.device_type == DeviceType.CPU;

    // Kernels of strided convolutions take two blocks at once.
    private static long Missing(long channels, bool isStrided)
    {
        var whole = isStrided && channels > Block ? 2 * Block : Block;
        return (whole - (channels % whole)) % whole;
    }

    // Dense, so that what follows may write over it.
    private static Tensor First(Tensor full, long rows, long channels)
    {
        if (full.size(0) == rows && full.size(1) == channels)
        {
            return full;
        }

        using (full)
        using (var ofRows = full.narrow(0, 0, rows))
        using (var first = ofRows.narrow(1, 0, channels))
        {
            return first.contiguous();
        }
    }
}
