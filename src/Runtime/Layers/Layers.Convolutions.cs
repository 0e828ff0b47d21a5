using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Convolutions whose sites see what comes before them only: libtorch pads both ends of an axis alike.</content>
public static partial class Layers
{
    /// <summary>A convolution over one axis with zeros in front beyond the padding of both ends.</summary>
    /// <param name="x">Shape <c>[n, c, t]</c>.</param>
    /// <param name="weight">Shape <c>[out, c, kernel]</c>.</param>
    /// <param name="bias">Shape <c>[out]</c>, or null.</param>
    /// <param name="stride">Step between sites.</param>
    /// <param name="padding">Zeros at either end.</param>
    /// <param name="dilation">Distance between taps.</param>
    /// <param name="front">Further zeros in front.</param>
    public static Tensor Conv1d(Tensor x, Tensor weight, Tensor? bias, long stride, long padding, long dilation, long front)
    {
        using var padded = nn.functional.pad(x, (front, 0));
        return Conv1d(padded, weight, bias, stride: stride, padding: padding, dilation: dilation);
    }

    /// <summary>A convolution over rows and columns with zeros above and to the left beyond the padding of both ends.</summary>
    /// <param name="x">Shape <c>[n, c, h, w]</c>.</param>
    /// <param name="weight">Shape <c>[out, c, kernel...]</c>.</param>
    /// <param name="bias">Shape <c>[out]</c>, or null.</param>
    /// <param name="strides">Step between sites, per axis.</param>
    /// <param name="padding">Zeros at either end, per axis.</param>
    /// <param name="dilation">Distance between taps, per axis.</param>
    /// <param name="front">Further zeros above and to the left.</param>
    public static Tensor Conv2d(Tensor x, Tensor weight, Tensor? bias, long[] strides, long[] padding, long[] dilation, long[] front)
    {
        using var padded = nn.functional.pad(x, (front[1], 0, front[0], 0));
        return Conv2d(padded, weight, bias, strides: strides, padding: padding, dilation: dilation);
    }

    /// <summary>A transposed convolution over one axis with sites cropped from the end beyond the crop of both ends.</summary>
    /// <param name="x">Shape <c>[n, c, t]</c>.</param>
    /// <param name="weight">Shape <c>[c, out, kernel]</c>.</param>
    /// <param name="bias">Shape <c>[out]</c>, or null.</param>
    /// <param name="stride">Sites of the result per site of <paramref name="x"/>.</param>
    /// <param name="padding">Sites cropped from either end.</param>
    /// <param name="dilation">Distance between taps.</param>
    /// <param name="behind">Further sites cropped from the end.</param>
    public static Tensor ConvTranspose1d(Tensor x, Tensor weight, Tensor? bias, long stride, long padding, long dilation, long behind)
    {
        var full = ConvTranspose1d(x, weight, bias, stride: stride, padding: padding, dilation: dilation);
        return Crop(full, 2, behind);
    }

    /// <summary>A transposed convolution over rows and columns with sites cropped from below and from the right beyond the crop of both ends.</summary>
    /// <param name="x">Shape <c>[n, c, h, w]</c>.</param>
    /// <param name="weight">Shape <c>[c, out, kernel...]</c>.</param>
    /// <param name="bias">Shape <c>[out]</c>, or null.</param>
    /// <param name="strides">Sites of the result per site of <paramref name="x"/>, per axis.</param>
    /// <param name="padding">Sites cropped from either end, per axis.</param>
    /// <param name="output_padding">Sites at the end of an axis that its padding would crop, but which stay.</param>
    /// <param name="dilation">Distance between taps, per axis.</param>
    /// <param name="behind">Further sites cropped from the end, per axis.</param>
    public static Tensor ConvTranspose2d(
        Tensor x, Tensor weight, Tensor? bias, long[] strides, long[] padding, long[] dilation, long[] behind, long[]? output_padding = null)
    {
        var full = ConvTranspose2d(x, weight, bias, strides: strides, padding: padding, dilation: dilation, output_padding: output_padding);
        return Crop(Crop(full, 2, behind[0]), 3, behind[1]);
    }

    private static Tensor Crop(Tensor full, int axis, long behind)
    {
        if (behind == 0)
        {
            return full;
        }

        using (full)
        {
            return full.narrow(axis, 0, full.size(axis) - behind);
        }
    }
}
