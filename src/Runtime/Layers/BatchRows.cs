using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Rows of a batch, taken apart and put together.</summary>
public static class BatchRows
{
    /// <summary>The first rows, the next ones, and so on: views.</summary>
    /// <param name="x">[N, ...].</param>
    /// <param name="counts">How many rows each part has; N together.</param>
    public static Tensor[] Split(Tensor x, params long[] counts)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.split(counts, 0);
    }

    /// <summary>For each row the number of the nearest one among others, by the Euclidean distance; of several the first.</summary>
    /// <param name="x">[N, ...].</param>
    /// <param name="among">[M, ...].</param>
    /// <returns>[N], int64 in 0 .. M - 1.</returns>
    public static Tensor Nearest(Tensor x, Tensor among)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(among);
        using var frozen = no_grad();
        using var points = x.reshape(x.size(0), -1);
        using var others = among.reshape(among.size(0), -1);
        using var squares = others.square();
        using var lengths = squares.sum([1]);
        using var turned = others.t();

        // |x - y|^2 is least where |y|^2 - 2 x y is: the length of x itself is the same for all that it is compared with.
        using var relative = addmm(lengths, points, turned, 1, -2);
        return relative.argmin(1);
    }

    /// <summary>The mean over the copies of each row.</summary>
    /// <param name="x">[copies * N, ...], one copy of all rows behind the other.</param>
    /// <param name="copies">How many.</param>
    /// <returns>[N, ...].</returns>
    public static Tensor MeanOfCopies(Tensor x, long copies)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var apart = x.unflatten(0, copies, -1);
        return apart.mean([0]);
    }
}
