using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Between levels and real numbers of the unit interval (Uria et al. 2013; Theis et al. 2016, arXiv:1511.01844).</summary>
public static class Dequantization
{
    /// <summary><c>(k + u) / count</c>.</summary>
    /// <param name="levels">Levels 0 .. count - 1, any shape and element type.</param>
    /// <param name="noise">u, real numbers in [0, 1), one for each level.</param>
    /// <param name="count">The number of levels, 2 to 65,536.</param>
    /// <returns>
    /// Numbers in [0, 1) of the type of <paramref name="noise"/>; <see cref="Quantize"/> gives back the
    /// levels exactly, whatever the rounding.
    /// </returns>
    /// <exception cref="GenDslException">The number of levels is out of range.</exception>
    public static Tensor Dequantize(Tensor levels, Tensor noise, long count)
    {
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentNullException.ThrowIfNull(noise);
        Check(count);
        var type = noise.dtype;
        using var exact = levels.to(type);
        using var y = exact.add(noise, Held.Scalar(1));
        y.div_(Held.Scalar(count));

        // Sum and quotient round up to the next level where u is almost 1, or down below the own one where it is almost 0. The ends are
        // moved inwards by more than the four roundings that follow can undo.
        var margin = type == ScalarType.Float64 ? Math.ScaleB(1, -50) : Math.ScaleB(1, -21);
        using var low = exact.mul(Held.Scalar((1 + margin) / count));
        using var high = exact.add(Held.Scalar(1));
        high.mul_(Held.Scalar((1 - margin) / count));
        using var raised = y.maximum(low);
        return raised.minimum(high);
    }

    /// <summary>Undoes <see cref="Dequantize"/>: <c>floor(y * count)</c>, at least 0 and at most count - 1. Carries no gradient.</summary>
    /// <param name="y">Any real numbers.</param>
    /// <param name="count">The number of levels, 2 to 65,536.</param>
    /// <returns>Levels as whole numbers of the type of <paramref name="y"/>, as tensors of spaces of levels are.</returns>
    /// <exception cref="GenDslException">The number of levels is out of range.</exception>
    public static Tensor Quantize(Tensor y, long count)
    {
        ArgumentNullException.ThrowIfNull(y);
        Check(count);
        using var frozen = no_grad();
        var levels = y.mul(Held.Scalar(count));
        return levels.floor_().clamp_(Held.Scalar(0), Held.Scalar(count - 1));
    }

    /// <summary>The same as <see cref="Quantize"/>, as 64-bit integers, which tensors of spaces of mu-law levels are.</summary>
    /// <param name="y">Any real numbers.</param>
    /// <param name="count">The number of levels, 2 to 65,536.</param>
    /// <returns>Labels 0 .. count - 1.</returns>
    /// <exception cref="GenDslException">The number of levels is out of range.</exception>
    public static Tensor QuantizeLabels(Tensor y, long count)
    {
        using var levels = Quantize(y, count);
        return levels.to(ScalarType.Int64);
    }

    private static void Check(long count)
    {
        if (count is < 2 or > 65536)
        {
            throw new GenDslException($"There are 2 to 65536 levels, but {count} were asked for.");
        }
    }
}
