using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// The orthogonal matrix W that brings W x nearest to y for the pairs that a map so far makes: those of which each is the other's nearest by CSLS (a round of
/// refinement, Conneau et al. 2018, arXiv:1710.04087). In f64.
/// </summary>
/// <remarks>Vectors are kept until all are there: 200,000 of 300 numbers take 240 MB.</remarks>
public sealed class MutualProcrustes : ISolver
{
    private readonly KeptRows _x = new(ScalarType.Float32);
    private readonly KeptRows _mapped = new(ScalarType.Float32);
    private readonly KeptRows _y = new(ScalarType.Float32);
    private readonly long _neighbours;

    /// <summary>Begins with no rows.</summary>
    /// <param name="neighbours">Of CSLS, 1 or more.</param>
    public MutualProcrustes(long neighbours)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbours, 1);
        _neighbours = neighbours;
    }

    /// <summary>The matrix of one batch: a new tensor of the type of x.</summary>
    /// <param name="x">Shape <c>[n, d]</c>.</param>
    /// <param name="mapped">Shape <c>[n, d]</c>.</param>
    /// <param name="y">Shape <c>[m, d]</c>.</param>
    /// <param name="neighbours">Of CSLS.</param>
    public static Tensor Of(Tensor x, Tensor mapped, Tensor y, long neighbours)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var solver = new MutualProcrustes(neighbours);
        solver.Add(x, mapped, y);
        using var solution = solver.Solution();
        return solution.to(x.dtype, x.device, copy: true);
    }

    /// <summary>Adds rows that are mapped; the tensor stays the caller's.</summary>
    /// <param name="x">Shape <c>[n, d]</c>.</param>
    public void AddX(Tensor x) => _x.Add(x);

    /// <summary>Adds what the map so far makes of them.</summary>
    /// <param name="mapped">Shape <c>[n, d]</c>.</param>
    public void AddMapped(Tensor mapped) => _mapped.Add(mapped);

    /// <summary>Adds what they may become.</summary>
    /// <param name="y">Shape <c>[m, d]</c>.</param>
    public void AddY(Tensor y) => _y.Add(y);

    /// <summary>Adds a batch of all three.</summary>
    /// <param name="x">Shape <c>[n, d]</c>.</param>
    /// <param name="mapped">Shape <c>[n, d]</c>.</param>
    /// <param name="y">Shape <c>[m, d]</c>.</param>
    public void Add(Tensor x, Tensor mapped, Tensor y)
    {
        AddX(x);
        AddMapped(mapped);
        AddY(y);
    }

    /// <inheritdoc/>
    public Tensor Solution()
    {
        if (_x.Count == 0 || _y.Count == 0)
        {
            throw new GenDslException("The Procrustes problem of mutual neighbours has no rows: a source is empty.");
        }

        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        Tensor x = _x.All("The vectors that are mapped"), y = _y.All("The vectors that they may become"), mapped = _mapped.All("The mapped vectors");
        var (from, to) = Neighbours.Mutual(nn.functional.normalize(mapped, 2, 1), nn.functional.normalize(y, 2, 1), _neighbours);
        using var solver = new Procrustes(x.size(1));
        solver.Add(x.index_select(0, from), y.index_select(0, to));
        return solver.Solution().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _x.Dispose();
        _mapped.Dispose();
        _y.Dispose();
    }
}
