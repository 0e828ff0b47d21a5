using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Values between two others.</summary>
public static class Mixing
{
    /// <summary><c>a + t * (b - a)</c>. TorchSharp's own <c>lerp</c> takes tensors only.</summary>
    /// <param name="a">Where t is 0.</param>
    /// <param name="b">Where t is 1.</param>
    /// <param name="t">The weight of <paramref name="b"/>.</param>
    public static Tensor Lerp(Tensor a, Tensor b, TorchSharp.Scalar t)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        using var way = b.sub(a);
        return a.add(way, t);
    }

    /// <summary><c>a + t * (b - a)</c> with a weight of its own for each row.</summary>
    /// <param name="a">Where t is 0; [N, ...], or the same for all rows.</param>
    /// <param name="b">Where t is 1; the same.</param>
    /// <param name="t">One number for each row, [N].</param>
    /// <param name="rank">Number of axes of the result.</param>
    public static Tensor Lerp(Tensor a, Tensor b, Tensor t, int rank)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(t);
        var shape = new long[rank];
        Array.Fill(shape, 1);
        shape[0] = t.size(0);
        using var perRow = t.reshape(shape);
        return a.lerp(b, perRow);
    }
}
