using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// Keeps one net as a moving average, or as the mean, of another of the same shape. Born as a copy; learned tensors and statistics are averaged,
/// counters and constants copied; its power vectors are its own, and follow each of its moves. The target gets no gradients.
/// </summary>
public sealed class Average : IDisposable, IStateful
{
    private readonly Tensor[] _averaged;
    private readonly Tensor[] _averagedFrom;
    private readonly (Tensor Target, Tensor Source)[] _copied;
    private readonly PowerIteration[] _powers;
    private readonly Tensor? _count;

    /// <summary>Makes <paramref name="target"/> a copy of <paramref name="source"/>.</summary>
    /// <param name="source">The net that learns.</param>
    /// <param name="target">The net that follows; it stays the owner of its tensors.</param>
    /// <param name="counts">For a mean, the name that its counter has in checkpoints; null for a moving average.</param>
    /// <exception cref="GenDslException">The two tables differ in names or shapes.</exception>
    public Average(StateTable source, StateTable target, string? counts = null)
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
        _powers = target.Select(item => item.Power).OfType<PowerIteration>().ToArray();
        if (counts is not null)
        {
            _count = zeros([1], ScalarType.Int64, CPU).DetachFromDisposeScope();
            State.Add(new StateTensor(counts + ".moves", _count, StateRole.Counter));
        }
    }

    /// <summary>The counter of a mean; empty for a moving average.</summary>
    public StateTable State { get; } = new();

    /// <summary>Moves the mean of all that the source has been: after k moves by 1 / (k + 1), which counts the source at its birth (Salimans et al. 2016).</summary>
    public void Update()
    {
        if (_count is null)
        {
            throw new InvalidOperationException("A moving average needs a decay.");
        }

        var counter = _count.data<long>();
        var moves = ++counter[0];
        Update(moves / (moves + 1.0));
    }

    /// <summary>Moves the average: <c>target = decay * target + (1 - decay) * source</c>.</summary>
    /// <param name="decay">In [0, 1]; 0 copies.</param>
    /// <exception cref="GenDslException">The decay lies elsewhere.</exception>
    public void Update(double decay)
    {
        if (!(decay >= 0 && decay <= 1))
        {
            throw new GenDslException(string.Create(CultureInfo.InvariantCulture, $"The decay of an average must lie in [0, 1], but it is {decay}."));
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

        Array.ForEach(_powers, power => power.Advance());
    }

    /// <summary>Frees the counter of a mean; the nets own the other tensors.</summary>
    public void Dispose() => _count?.Dispose();

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
                    $"An average needs two nets alike, but '{from.Name}' of shape {ShapeText.Of(from.Tensor)} has no counterpart of that shape.");
            }

            pairs.Add((from, to));
        }

        return pairs;
    }
}
