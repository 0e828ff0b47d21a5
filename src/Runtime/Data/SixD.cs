using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data;

/// <summary>
/// Curved points in six dimensions whose entropy is known exactly, made on this machine; column <c>point</c>. With z standard normal,
/// <c>x1 = z1</c> and <c>x_i = z_i exp(s_i) + sin(2 x_(i-1))</c>, where <c>s2 = -s3 = tanh x1</c>, <c>s4 = -s5 = tanh x3</c> and <c>s6 = 0</c>.
/// The map is triangular and its log-scales cancel in pairs, so it preserves volume at every point: the entropy is that of z,
/// <c>3 (1 + ln 2 pi)</c> = 8.5136 nats. No model's mean negative log-likelihood is below it, but for chance.
/// </summary>
public static class SixD
{
    internal const int Size = 6;

    /// <summary>The entropy of the density, in nats.</summary>
    public static double Entropy { get; } = 3 * (1 + Math.Log(2 * Math.PI));

    /// <summary>The training rows.</summary>
    public static Source Train(DataOptions? options = null) => DataSets.Open("six-d:train", options);

    /// <summary>The validation rows.</summary>
    public static Source Validation(DataOptions? options = null) => DataSets.Open("six-d:validation", options);

    /// <summary>The test rows.</summary>
    public static Source Test(DataOptions? options = null) => DataSets.Open("six-d:test", options);

    /// <summary>The exact log-density.</summary>
    /// <param name="x">Points, <c>[N, 6]</c>, f32 or f64.</param>
    /// <returns>In nats, <c>[N]</c>.</returns>
    /// <exception cref="GenDslException">The points have not six numbers.</exception>
    public static Tensor LogProb(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.dim() != 2 || x.size(1) != Size)
        {
            throw new GenDslException($"The density is one of points [N, {Size}], but this tensor is {ShapeText.Of(x)}.");
        }

        using var z = Inverse(x);
        using var halves = Bijections.NormalQuantileLogDet(z);
        return halves.neg();
    }

    /// <summary>The standard normal numbers that the points were made of.</summary>
    internal static Tensor Inverse(Tensor x)
    {
        using var first = x.narrow(1, 0, 1);
        using var before = x.narrow(1, 0, Size - 1);
        using var rest = x.narrow(1, 1, Size - 1);
        using var twice = before.mul(Held.Scalar(2));
        using var shift = twice.sin();
        using var moved = rest.sub(shift);
        using var third = x.narrow(1, 2, 1);
        using var low = first.tanh();
        using var high = third.tanh();
        using var negativeLow = low.neg();
        using var negativeHigh = high.neg();
        using var none = zeros_like(low);
        using var logScales = cat([negativeLow, low, negativeHigh, high, none], 1);
        using var scales = logScales.exp();
        using var z = moved.mul(scales);
        return cat([first, z], 1);
    }

    /// <summary>Standard normal numbers to a point, in place.</summary>
    internal static void Map(Span<double> x)
    {
        for (var i = 1; i < Size; i++)
        {
            var logScale = i switch
            {
                1 => Math.Tanh(x[0]),
                2 => -Math.Tanh(x[0]),
                3 => Math.Tanh(x[2]),
                4 => -Math.Tanh(x[2]),
                _ => 0,
            };
            x[i] = x[i] * Math.Exp(logScale) + Math.Sin(2 * x[i - 1]);
        }
    }
}
