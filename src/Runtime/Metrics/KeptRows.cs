using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Batches of rows, kept on the CPU until all are there.</summary>
internal sealed class KeptRows(ScalarType type) : IDisposable
{
    private readonly List<Tensor> _parts = [];

    public long Count => _parts.Sum(part => part.size(0));

    public void Add(Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using var scope = NewDisposeScope();
        _parts.Add(rows.detach().to(type, CPU, copy: true).DetachFromDisposeScope());
    }

    /// <summary>All of them: a new tensor.</summary>
    /// <param name="what">What they are, for errors.</param>
    /// <exception cref="GenDslException">They are not finite.</exception>
    public Tensor All(string what)
    {
        Tensor all = cat([.. _parts]);
        return all.isfinite().all().ToBoolean() ? all
            : throw new GenDslException($"{what} are not finite, so that nothing can be said of them: the net has diverged, or divides by 0.");
    }

    public void Dispose()
    {
        _parts.ForEach(part => part.Dispose());
        _parts.Clear();
    }
}
