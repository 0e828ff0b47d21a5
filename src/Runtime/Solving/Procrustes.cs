using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// The orthogonal matrix W that brings W x nearest to y, and makes the sum of y . W x the largest: U V' of the singular vectors of the sum of y x'
/// (Schoenemann 1966; for word vectors Xing et al. 2015). In f64.
/// </summary>
/// <remarks>It may turn over: its determinant is 1 or -1, as is better. Where singular values are 0 there are several, and one of them is found.</remarks>
/// <param name="features">Numbers of a row, of both.</param>
public sealed class Procrustes(long features) : ISolver
{
    private readonly PairSums _sums = new(features, features);

    /// <summary>The matrix of one batch: a new tensor of the type of x.</summary>
    /// <param name="x">Shape <c>[n, d]</c>.</param>
    /// <param name="y">Shape <c>[n, d]</c>.</param>
    public static Tensor Of(Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var solver = new Procrustes(x.size(1));
        solver.Add(x, y);
        using var solution = solver.Solution();
        return solution.to(x.dtype, x.device, copy: true);
    }

    /// <summary>Adds rows; the tensors stay the caller's.</summary>
    /// <param name="x">What is mapped, shape <c>[n, d]</c>.</param>
    /// <param name="y">What it is to become, shape <c>[n, d]</c>.</param>
    public void Add(Tensor x, Tensor y) => _sums.Add(x, y);

    /// <inheritdoc/>
    public Tensor Solution()
    {
        _sums.Check("The Procrustes problem");
        using var frozen = no_grad();
        var (u, s, vh) = linalg.svd(_sums.Cross, fullMatrices: true);
        using (u)
        using (s)
        using (vh)
        {
            return u.mm(vh);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _sums.Dispose();
}
