using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// Keeps one net as a moving average of another of the same shape. Born as a copy; learned tensors and statistics are averaged,
/// counters and constants copied, power vectors left alone. The target gets no gradients.
/// </summary>
public sealed class Average : IDisposable
{
    private readonly Tensor[] _averaged;
    private readonly Tensor[] _averagedFrom;
    private readonly (Tensor Target, Tensor Source)[] _copied;

    /// <summary>Makes <paramref name="target"/> a copy of <paramref name="source"/>.</summary>
    /// <param name="source">The net that learns.</param>
    /// <param name="target">The net that follows; it stays the owner of its tensors.</param>
    /// <exception cref="GenDslException">The two tables differ in names or shapes.</exception>
    public Average(StateTable source, StateTable target)
    {
        var pairs = Pair(source, target);
        using (no_grad())
        {
            foreach (var (from, to) in pairs)
            {
                to.Tensor.requires_grad_(false);
                to.Tensor.copy_(from.Tensor);
            }
        }

        var averaged = pairs.Where(pair => pair.From.IsLearned || pair.From.Role == StateRole.Statistic).ToArray();
        _averaged = Array.ConvertAll(averaged, pair => pair.To.Tensor);
        _averagedFrom = Array.ConvertAll(averaged, pair => pair.From.Tensor);
        _copied = pairs
            .Where(pair => pair.From.Role is StateRole.Counter or StateRole.Constant)
            .Select(pair => (pair.To.Tensor, pair.From.Tensor)).ToArray();
    }

    /// <summary>Moves the average: <c>target = decay * target + (1 - decay) * source</c>.</summary>
    /// <param name="decay">In [0, 1]; 0 copies.</param>
    public void Update(double decay)
    {
        if (!(decay >= 0 && decay <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(decay), decay, "The decay of an average lies in [0, 1].");
        }

        using var frozen = no_grad();
        using Scalar weight = 1 - decay;
        if (_averaged.Length > 0)
        {
            Scripts.Lerp(_averaged, _averagedFrom, weight);
        }

        foreach (var (target, source) in _copied)
        {
            target.copy_(source);
        }
    }

    /// <summary>Does nothing: the nets own the tensors.</summary>
    public void Dispose()
    {
    }

    private static List<(StateTensor From, StateTensor To)> Pair(StateTable source, StateTable target)
    {
        if (source.Count != target.Count)
        {
            throw new GenDslException($"An average needs two nets alike, but one has {source.Count} state tensors and the other {target.Count}.");
        }

        var pairs = new List<(StateTensor From, StateTensor To)>();
        foreach (var from in source)
        {
            if (!target.TryGet(from.Name, out var to) || !from.Tensor.shape.AsSpan().SequenceEqual(to.Tensor.shape))
            {
                throw new GenDslException(
                    $"An average needs two nets alike, but '{from.Name}' of shape [{string.Join(", ", from.Tensor.shape)}] has no counterpart of that shape.");
            }

            pairs.Add((from, to));
        }

        return pairs;
    }
}
