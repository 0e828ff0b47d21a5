using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Values between two others.</summary>
public static class Mixing
{
    /// <summary><c>a + t * (b - a)</c>.</summary>
    /// <param name="a">Where t is 0.</param>
    /// <param name="b">Where t is 1; of a shape that goes with <paramref name="a"/>.</param>
    /// <param name="t">One number for each of theirs, or one for each row, [N].</param>
    public static Tensor Lerp(Tensor a, Tensor b, Tensor t)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(t);
        var rank = Math.Max(a.dim(), b.dim());
        if (t.dim() >= rank || t.dim() == 0)
        {
            return a.lerp(b, t);
        }

        var shape = new long[rank];
        Array.Fill(shape, 1);
        shape[0] = t.size(0);
        using var perRow = t.reshape(shape);
        return a.lerp(b, perRow);
    }
}
