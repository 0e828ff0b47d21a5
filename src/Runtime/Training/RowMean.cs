using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>The mean over rows of a figure that is known per batch; sums in double.</summary>
public sealed class RowMean
{
    private double _sum;
    private long _rows;

    /// <summary>The mean, NaN without rows.</summary>
    public double Value => _rows == 0 ? double.NaN : _sum / _rows;

    /// <summary>Adds the mean of one batch; the tensor stays the caller's.</summary>
    /// <param name="batchMean">One number.</param>
    /// <param name="rows">The rows it is the mean of.</param>
    public void Add(Tensor batchMean, long rows)
    {
        ArgumentNullException.ThrowIfNull(batchMean);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        _sum += batchMean.ToDouble() * rows;
        _rows += rows;
    }
}
