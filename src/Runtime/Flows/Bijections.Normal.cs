using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>The standard normal distribution as a function.</content>
public static partial class Bijections
{
    private static readonly double RootHalf = Math.Sqrt(0.5);
    private static readonly double HalfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    /// <summary>The inverse of the standard normal distribution function.</summary>
    /// <param name="u">
    /// Numbers in (0, 1), any shape. 0 and 1, which rounding can reach, count as the nearest normal number inside: in f32 the results lie
    /// in [-12.95, 5.30], in f64 in [-37.52, 8.21].
    /// </param>
    /// <returns>A new tensor of the same shape; its relative error is a few roundings of the element type, in both tails.</returns>
    public static Tensor NormalQuantile(Tensor u)
    {
        ArgumentNullException.ThrowIfNull(u);
        using var inside = InsideUnit(u);
        return special.ndtri(inside);
    }

    /// <summary>The standard normal distribution function, accurate to a few roundings also far below 0.</summary>
    /// <param name="z">Any real numbers, any shape.</param>
    /// <returns>Numbers in [0, 1] of the same shape.</returns>
    public static Tensor NormalCdf(Tensor z)
    {
        ArgumentNullException.ThrowIfNull(z);
        using var scaled = z.mul(Held.Scalar(-RootHalf));
        using var twice = scaled.erfc();
        return twice.mul(Held.Scalar(0.5));
    }

    /// <summary>The log-determinant of <see cref="NormalQuantile"/>, from its result; that of <see cref="NormalCdf"/> is its negative.</summary>
    /// <param name="z">What <see cref="NormalQuantile"/> gave, <c>[N, ...]</c>.</param>
    /// <returns>The sum of <c>z² / 2 + log(2 pi) / 2</c> per sample, <c>[N]</c>.</returns>
    public static Tensor NormalQuantileLogDet(Tensor z)
    {
        ArgumentNullException.ThrowIfNull(z);
        using var squares = z.square();
        return SumPerSample(squares).mul_(Held.Scalar(0.5)).add_(Held.Scalar(HalfLogTwoPi * (z.numel() / Math.Max(1, z.size(0)))));
    }

    // Below 1 the last number is half an epsilon away; above 0 the normal numbers reach far closer, and hold the lower tail.
    private static Tensor InsideUnit(Tensor u)
    {
        var (least, most) = u.dtype == ScalarType.Float64 ? (2.2250738585072014e-308, 1 - Math.ScaleB(1, -53)) : (Math.ScaleB(1, -126), 1 - Math.ScaleB(1, -24));
        return u.clamp(Held.Scalar(least), Held.Scalar(most));
    }
}
