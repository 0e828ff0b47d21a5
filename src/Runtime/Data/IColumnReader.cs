using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A column seen through a space: hands out rows, converted to the space's range and element type. Disposing it leaves the column's storage alone.</summary>
public interface IColumnReader : IDisposable
{
    /// <summary>The number of rows.</summary>
    long Rows { get; }

    /// <summary>Reads rows.</summary>
    /// <param name="indices">Row numbers, int64 of shape <c>[n]</c>, each in [0, <see cref="Rows"/>).</param>
    /// <param name="draws">Where a random view (random binarisation) takes its randomness from; others ignore it.</param>
    /// <returns>A new tensor of shape <c>[n, ...space]</c> on the device of <paramref name="indices"/>; the caller disposes it.</returns>
    Tensor Gather(Tensor indices, Draws draws);
}
