using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>The matrix W with the least sum of |W x - y|^2: (sum of y x') (sum of x x')^+, of several the one of the least norm. In f64.</summary>
/// <param name="inputs">Numbers of x.</param>
/// <param name="outputs">Numbers of y.</param>
public sealed class LeastSquares(long inputs, long outputs) : ISolver
{
    private readonly PairSums _sums = new(inputs, outputs);

    /// <summary>The matrix of one batch: a new tensor of the type of x.</summary>
    /// <param name="x">Shape <c>[n, d]</c>.</param>
    /// <param name="y">Shape <c>[n, e]</c>.</param>
    public static Tensor Of(Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        using var solver = new LeastSquares(x.size(1), y.size(1));
        solver.Add(x, y);
        using var solution = solver.Solution();
        return solution.to(x.dtype, x.device, copy: true);
    }

    /// <summary>Adds rows; the tensors stay the caller's.</summary>
    /// <param name="x">What is mapped, shape <c>[n, d]</c>.</param>
    /// <param name="y">What it is to become, shape <c>[n, e]</c>.</param>
    public void Add(Tensor x, Tensor y) => _sums.Add(x, y);

    /// <inheritdoc/>
    public Tensor Solution()
    {
        _sums.Check("The least squares problem");
        using var frozen = no_grad();
        using var inverse = linalg.pinv(_sums.Squares, hermitian: true);
        return _sums.Cross.mm(inverse);
    }

    /// <inheritdoc/>
    public void Dispose() => _sums.Dispose();
}
