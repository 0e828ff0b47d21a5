using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>
/// Convolutions around a fault of libtorch 2.10 on the CPU (oneDNN 3.7.1, f32): the pass that spreads an image back over a kernel reads memory that
/// nobody wrote where the channels it starts from are no multiple of 16. It is the gradient of a convolution's input, and a transposed
/// convolution itself. Channels of zeros up to whole blocks go around it; the kernel computes whole blocks anyway.
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
    public static Tensor Conv1d(Tensor x, Tensor weight, Tensor? bias, long stride, long padding, long dilation)
    {
        var missing = MissingBehind(x, weight);
        if (missing == 0)
        {
            return nn.functional.conv1d(x, weight, bias, stride: stride, padding: padding, dilation: dilation);
        }

        using var whole = nn.functional.pad(weight, [0, 0, 0, 0, 0, missing]);
        using var shift = bias is null ? null : nn.functional.pad(bias, [0, missing]);
        return First(nn.functional.conv1d(x, whole, shift, stride: stride, padding: padding, dilation: dilation), weight.size(0));
    }

    /// <summary>A convolution over rows and columns.</summary>
    /// <param name="x">Shape <c>[n, c, h, w]</c>.</param>
    /// <param name="weight">Shape <c>[out, c, kernel...]</c>.</param>
    /// <param name="bias">Shape <c>[out]</c>, or null.</param>
    /// <param name="strides">Step between sites, per axis.</param>
    /// <param name="padding">Zeros at either end, per axis.</param>
    /// <param name="dilation">Distance between taps, per axis.</param>
    public static Tensor Conv2d(Tensor x, Tensor weight, Tensor? bias, long[] strides, long[] padding, long[] dilation)
    {
        var missing = MissingBehind(x, weight);
        if (missing == 0)
        {
            return nn.functional.conv2d(x, weight, bias, strides: strides, padding: padding, dilation: dilation);
        }

        using var whole = nn.functional.pad(weight, [0, 0, 0, 0, 0, 0, 0, missing]);
        using var shift = bias is null ? null : nn.functional.pad(bias, [0, missing]);
        return First(nn.functional.conv2d(x, whole, shift, strides: strides, padding: padding, dilation: dilation), weight.size(0));
    }

    /// <summary>A transposed convolution over one axis.</summary>
    /// <param name="x">Shape <c>[n, c, t]</c>.</param>
    /// <param name="weight">Shape <c>[c, out, kernel]</c>.</param>
    /// <param name="bias">Shape <c>[out]</c>, or null.</param>
    /// <param name="stride">Sites of the result per site of <paramref name="x"/>.</param>
    /// <param name="padding">Sites cropped from either end.</param>
    /// <param name="dilation">Distance between taps.</param>
    /// <param name="output_padding">Sites at the end that the padding would crop, but which stay.</param>
    public static Tensor ConvTranspose1d(Tensor x, Tensor weight, Tensor? bias, long stride, long padding, long dilation, long output_padding = 0)
    {
        var missing = MissingBefore(x);
        if (missing == 0)
        {
            return nn.functional.conv_transpose1d(x, weight, bias, stride: stride, padding: padding, output_padding: output_padding, dilation: dilation);
        }

        using var whole = nn.functional.pad(weight, [0, 0, 0, 0, 0, missing]);
        using var wide = nn.functional.pad(x, [0, 0, 0, missing]);
        return nn.functional.conv_transpose1d(wide, whole, bias, stride: stride, padding: padding, output_padding: output_padding, dilation: dilation);
    }

    /// <summary>A transposed convolution over rows and columns.</summary>
    /// <param name="x">Shape <c>[n, c, h, w]</c>.</param>
    /// <param name="weight">Shape <c>[c, out, kernel...]</c>.</param>
    /// <param name="bias">Shape <c>[out]</c>, or null.</param>
    /// <param name="strides">Sites of the result per site of <paramref name="x"/>, per axis.</param>
    /// <param name="padding">Sites cropped from either end, per axis.</param>
    /// <param name="dilation">Distance between taps, per axis.</param>
    /// <param name="output_padding">Sites at the end of an axis that its padding would crop, but which stay.</param>
    public static Tensor ConvTranspose2d(
        Tensor x, Tensor weight, Tensor? bias, long[] strides, long[] padding, long[] dilation, long[]? output_padding = null)
    {
        var missing = MissingBefore(x);
        if (missing == 0)
        {
            return nn.functional.conv_transpose2d(x, weight, bias, strides: strides, padding: padding, output_padding: output_padding, dilation: dilation);
        }

        using var whole = nn.functional.pad(weight, [0, 0, 0, 0, 0, 0, 0, missing]);
        using var wide = nn.functional.pad(x, [0, 0, 0, 0, 0, missing]);
        return nn.functional.conv_transpose2d(wide, whole, bias, strides: strides, padding: padding, output_padding: output_padding, dilation: dilation);
    }

    // Kernels of a single tap take another way, which is right.
    private static long MissingBehind(Tensor x, Tensor weight) =>
        IsConcerned(x) && is_grad_enabled() && x.requires_grad && weight.numel() > weight.size(0) * weight.size(1) ? Missing(weight.size(0)) : 0;

    private static long MissingBefore(Tensor x) => IsConcerned(x) ? Missing(x.size(1)) : 0;

    private static bool IsConcerned(Tensor x) => x.dtype == ScalarType.Float32 && x.device_type == DeviceType.CPU;

    private static long Missing(long channels) => (Block - (channels % Block)) % Block;

    // Dense, so that what follows may write over it.
    private static Tensor First(Tensor full, long channels)
    {
        using (full)
        using (var first = full.narrow(1, 0, channels))
        {
            return first.contiguous();
        }
    }
}
