using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Directions.</content>
public static partial class Layers
{
    /// <summary>
    /// <c>x / |x|</c> along some axes. Where all numbers are 0 the result is 0 and has no slope. The squares of very small and very
    /// great numbers are no floating-point numbers any more, so the length is that of x divided by its greatest number.
    /// </summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">The axes of a vector.</param>
    /// <returns>The shape of <paramref name="x"/>, in [-1, 1].</returns>
    public static Tensor Unit(Tensor x, long[] axes)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var greatest = Greatest(x, axes);
        using var scaled = x.div(greatest);
        using var squares = scaled.square();
        using var sum = squares.sum(axes, keepdim: true);

        // It is 1 or above, but where all numbers are 0.
        using var positive = sum.clamp_min(Held.Scalar(1));
        using var length = positive.sqrt();
        return scaled.div(length);
    }

    // Its gradient is that of a factor that cancels out.
    private static Tensor Greatest(Tensor x, long[] axes)
    {
        using var value = x.detach();
        using var magnitudes = value.abs();
        using var greatest = magnitudes.amax(axes, keepdim: true);
        using var isZero = greatest.eq(Held.Scalar(0));
        return greatest.masked_fill(isZero, Held.Scalar(double.PositiveInfinity));
    }
}
