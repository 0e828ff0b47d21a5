using System;
using static TorchSharp.torch;

namespace GenDsl.Benchmarks.Twins;

/// <summary>Endless shuffled passes over row numbers in full batches: one permutation per pass, views for the batches.</summary>
internal sealed class Shuffle(long rows, long batch) : IDisposable
{
    private Tensor? _order;
    private long _next;

    /// <summary>The next batch of row numbers, a view that the caller disposes.</summary>
    public Tensor Next()
    {
        if (_order is null || _next + batch > rows)
        {
            _order?.Dispose();
            _order = randperm(rows).DetachFromDisposeScope();
            _next = 0;
        }

        var indices = _order.narrow(0, _next, batch);
        _next += batch;
        return indices;
    }

    public void Dispose() => _order?.Dispose();
}
