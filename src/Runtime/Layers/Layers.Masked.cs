using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Layers with a constant mask over their weight.</content>
public static partial class Layers
{
    /// <summary>A masked convolution over one axis (van den Oord et al. 2016): taps up to the site itself, which is the last one.</summary>
    /// <param name="x">Shape <c>[n, c, t]</c>.</param>
    /// <param name="weight">Shape <c>[out, c, taps]</c>.</param>
    /// <param name="mask">Zeros and ones that broadcast against <paramref name="weight"/>.</param>
    /// <param name="bias">Shape <c>[out]</c>, or null.</param>
    /// <param name="dilation">Distance between taps.</param>
    /// <returns>Shape <c>[n, out, t]</c>.</returns>
    public static Tensor MaskedConv1d(Tensor x, Tensor weight, Tensor mask, Tensor? bias, long dilation)
    {
        using var masked = weight * mask;
        var front = dilation * (weight.size(2) - 1);
        return front == 0
            ? nn.functional.conv1d(x, masked, bias)
            : Conv1d(x, masked, bias, stride: 1, padding: 0, dilation: dilation, front: front);
    }

    /// <summary>
    /// A masked convolution over rows and columns (van den Oord et al. 2016). The kernel ends with the row of the site itself, which
    /// stands in its middle; the rows below are not stored.
    /// </summary>
    /// <param name="x">Shape <c>[n, c, h, w]</c>.</param>
    /// <param name="weight">Shape <c>[out, c, rows, columns]</c>, columns odd.</param>
    /// <param name="mask">Zeros and ones that broadcast against <paramref name="weight"/>.</param>
    /// <param name="bias">Shape <c>[out]</c>, or null.</param>
    /// <param name="dilation">Distance between taps, per axis.</param>
    /// <returns>Shape <c>[n, out, h, w]</c>.</returns>
    public static Tensor MaskedConv2d(Tensor x, Tensor weight, Tensor mask, Tensor? bias, long[] dilation)
    {
        using var masked = weight * mask;
        var above = dilation[0] * (weight.size(2) - 1);
        long[] sides = [0, dilation[1] * (weight.size(3) / 2)];
        return above == 0
            ? nn.functional.conv2d(x, masked, bias, padding: sides, dilation: dilation)
            : Conv2d(x, masked, bias, strides: [1, 1], padding: sides, dilation: dilation, front: [above, 0]);
    }

    /// <summary>An affine map with a masked matrix (Germain et al. 2015).</summary>
    /// <param name="x">Shape <c>[n, in]</c>.</param>
    /// <param name="weight">Shape <c>[out, in]</c>.</param>
    /// <param name="mask">Shape <c>[out, in]</c>, zeros and ones.</param>
    /// <param name="bias">Shape <c>[out]</c>, or null.</param>
    public static Tensor MaskedLinear(Tensor x, Tensor weight, Tensor mask, Tensor? bias)
    {
        using var masked = weight * mask;
        return nn.functional.linear(x, masked, bias);
    }

    /// <summary>The kernel of a masked convolution as one without dilation: masked, with zeros between its taps.</summary>
    /// <param name="weight">Shape <c>[out, in, taps...]</c>.</param>
    /// <param name="mask">Zeros and ones that broadcast against <paramref name="weight"/>.</param>
    /// <param name="dilation">Distance between taps, per axis.</param>
    /// <returns>Shape <c>[out, in, dilation * (taps - 1) + 1...]</c>, without gradient.</returns>
    public static Tensor MaskedKernel(Tensor weight, Tensor mask, long[] dilation)
    {
        using var frozen = no_grad();
        var masked = weight * mask;
        if (dilation.All(d => d == 1))
        {
            return masked;
        }

        using (masked)
        {
            long[] sizes = [.. dilation.Select((d, i) => (d * (weight.size(i + 2) - 1)) + 1)];
            var spread = zeros([weight.size(0), weight.size(1), .. sizes], weight.dtype, weight.device);
            TensorIndex[] taps = [TensorIndex.Colon, TensorIndex.Colon, .. dilation.Select(d => TensorIndex.Slice(step: d))];
            using var places = spread.index(taps);
            places.copy_(masked);
            return spread;
        }
    }
}
