using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Layers with a constant mask over their weight.</content>
public static partial class Layers
{
    /// <summary>A masked convolution over one axis (van den Oord et al. 2016): taps up to the site itself, which is the last one.</summary>
    /// <param name="x">Shape <c>[n, c, t]</c>.</param>
    /// <param name="weight">Shape <c>[out, c, taps]</c>, masked.</param>
    /// <param name="bias">Shape <c>[out]</c>, or null.</param>
    /// <param name="dilation">Distance between taps.</param>
    /// <returns>Shape <c>[n, out, t]</c>.</returns>
    public static Tensor MaskedConv1d(Tensor x, Tensor weight, Tensor? bias, long dilation)
    {
        var front = dilation * (weight.size(2) - 1);
        return front == 0
            ? Conv1d(x, weight, bias, stride: 1, padding: 0, dilation: dilation)
            : Conv1d(x, weight, bias, stride: 1, padding: 0, dilation: dilation, front: front);
    }

    /// <summary>
    /// A masked convolution over rows and columns (van den Oord et al. 2016). The kernel ends with the row of the site itself, which
    /// stands in its middle; the rows below are not stored.
    /// </summary>
    /// <param name="x">Shape <c>[n, c, h, w]</c>.</param>
    /// <param name="weight">Shape <c>[out, c, rows, columns]</c>, columns odd; masked.</param>
    /// <param name="bias">Shape <c>[out]</c>, or null.</param>
    /// <param name="dilation">Distance between taps, per axis.</param>
    /// <returns>Shape <c>[n, out, h, w]</c>.</returns>
    public static Tensor MaskedConv2d(Tensor x, Tensor weight, Tensor? bias, long[] dilation)
    {
        var above = dilation[0] * (weight.size(2) - 1);
        long[] sides = [0, dilation[1] * (weight.size(3) / 2)];
        return above == 0
            ? Conv2d(x, weight, bias, strides: [1, 1], padding: sides, dilation: dilation)
            : Conv2d(x, weight, bias, strides: [1, 1], padding: sides, dilation: dilation, front: [above, 0]);
    }

    /// <summary>The kernel of a dilated convolution as one without dilation: with zeros between its taps.</summary>
    /// <param name="weight">Shape <c>[out, in, taps...]</c>.</param>
    /// <param name="dilation">Distance between taps, per axis.</param>
    /// <returns>Shape <c>[out, in, dilation * (taps - 1) + 1...]</c>, without gradient.</returns>
    public static Tensor SpreadKernel(Tensor weight, long[] dilation)
    {
        using var frozen = no_grad();
        if (dilation.All(d => d == 1))
        {
            return weight.detach();
        }

        long[] sizes = [.. dilation.Select((d, i) => (d * (weight.size(i + 2) - 1)) + 1)];
        var spread = zeros([weight.size(0), weight.size(1), .. sizes], weight.dtype, weight.device);
        TensorIndex[] taps = [TensorIndex.Colon, TensorIndex.Colon, .. dilation.Select(d => TensorIndex.Slice(step: d))];
        using var places = spread.index(taps);
        places.copy_(weight);
        return spread;
    }
}
