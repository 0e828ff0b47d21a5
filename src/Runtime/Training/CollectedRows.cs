using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Rows of a source that a plan has collected.</summary>
/// <param name="Rows">Their numbers in the source, int64 of shape <c>[n]</c>.</param>
/// <param name="Columns">What was computed of them, of shape <c>[n, ...]</c>.</param>
/// <param name="Step">The step at which they were.</param>
/// <param name="OutOf">The rows of the source.</param>
internal sealed record CollectedRows(Tensor Rows, Tensor[] Columns, long Step, long OutOf) : IDisposable
{
    public long Count => Rows.size(0);

    public void Dispose()
    {
        Rows.Dispose();
        foreach (var column in Columns)
        {
            column.Dispose();
        }
    }
}
