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
