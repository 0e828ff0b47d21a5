using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>The sums of y x' and x x' over rows, in f64 on the CPU: all that a linear map of pairs is solved by.</summary>
internal sealed class PairSums(long inputs, long outputs) : IDisposable
{
    private long _rows;

    /// <summary>Sum of y x', <c>[e, d]</c>.</summary>
    public Tensor Cross { get; } = zeros([outputs, inputs], ScalarType.Float64).DetachFromDisposeScope();

    /// <summary>Sum of x x', <c>[d, d]</c>.</summary>
    public Tensor Squares { get; } = zeros([inputs, inputs], ScalarType.Float64).DetachFromDisposeScope();

    public void Add(Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        Tensor from = x.detach().to(ScalarType.Float64, CPU), to = y.detach().to(ScalarType.Float64, CPU);
        Cross.add_(to.t().mm(from));
        Squares.add_(from.t().mm(from));
        _rows += x.size(0);
    }

    /// <summary>Fails where there is nothing to solve.</summary>
    /// <param name="what">What is solved.</param>
    public void Check(string what)
    {
        if (_rows == 0)
        {
            throw new GenDslException($"{what} has no rows: the source is empty.");
        }

        using var finite = Cross.isfinite();
        using var all = finite.all();
        if (!all.ToBoolean())
        {
            throw new GenDslException($"{what} cannot be solved: what it is solved by is not finite.");
        }
    }

    public void Dispose()
    {
        Cross.Dispose();
        Squares.Dispose();
    }
}
