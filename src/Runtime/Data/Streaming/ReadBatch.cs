using System;
using System.Collections.Generic;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Streaming;

/// <summary>One batch that was read ahead: its row numbers, and the bytes of each of the columns.</summary>
internal sealed record ReadBatch(long[] Rows, IReadOnlyList<Tensor> Columns) : IDisposable
{
    public void Dispose()
    {
        foreach (var column in Columns)
        {
            column.Dispose();
        }
    }
}
