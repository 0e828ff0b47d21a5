using System;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>The gradients of a statement over several rounds, which moves against their mean when all are in.</summary>
/// <param name="moves">What the statement moves.</param>
public sealed class GradientSum(params Move[] moves) : IDisposable
{
    private readonly Tensor[] _at = moves.SelectMany(move => move.Indices.Select(index => move.Optimizer.Parameters[index].Tensor)).ToArray();
    private readonly Tensor?[] _sums = new Tensor?[moves.Sum(move => move.Indices.Length)];
    private readonly string _name = string.Join("', '", moves.Select(move => move.Optimizer.Name));
    private int _count;

    /// <summary>Adds the gradients of a round's objective.</summary>
    /// <param name="objective">One number.</param>
    /// <param name="keepGraph">Whether a later objective runs through a part of this one's graph, which is otherwise freed.</param>
    /// <exception cref="GenDslException">The objective is not one number, or depends on no parameter.</exception>
    public void Add(Tensor objective, bool keepGraph = false)
    {
        var found = Optimizer.Differentiate(objective, _at, _name, keepGraph);
        _count++;
        using var frozen = no_grad();
        var both = Enumerable.Range(0, found.Length).Where(i => found[i] is not null && _sums[i] is not null).ToArray();

        // Two gradients may be one tensor, so nothing is written over.
        var added = both.Length == 0 ? [] : Scripts.Add(Array.ConvertAll(both, i => _sums[i]!), Array.ConvertAll(both, i => found[i]!));
        for (var k = 0; k < both.Length; k++)
        {
            _sums[both[k]]!.Dispose();
            found[both[k]]!.Dispose();
            found[both[k]] = added[k];
        }

        for (var i = 0; i < found.Length; i++)
        {
            _sums[i] = found[i] ?? _sums[i];
        }
    }

    /// <summary>One step against the means over the rounds, none where there was no round; the sum is empty then.</summary>
    /// <param name="players">The moves that the sum was made for, in their order.</param>
    public void Step(params Player[] players)
    {
        if (_count == 0)
        {
            return;
        }

        Optimizer.Check(players);
        if (_count > 1)
        {
            using var frozen = no_grad();
            var live = Enumerable.Range(0, _sums.Length).Where(i => _sums[i] is not null).ToArray();
            using Scalar share = 1.0 / _count;
            var means = Scripts.Scale(Array.ConvertAll(live, i => _sums[i]!), share);
            for (var k = 0; k < live.Length; k++)
            {
                _sums[live[k]]!.Dispose();
                _sums[live[k]] = means[k];
            }
        }

        var gradients = _sums.ToArray();
        Array.Clear(_sums);
        _count = 0;
        Optimizer.Step(gradients, players);
    }

    /// <summary>Frees what was added and not used.</summary>
    public void Dispose()
    {
        foreach (var sum in _sums)
        {
            sum?.Dispose();
        }

        Array.Clear(_sums);
    }
}
