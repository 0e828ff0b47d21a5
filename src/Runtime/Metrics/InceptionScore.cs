using System;
using GenDsl.Runtime.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// exp(E KL(p(y|x) || p(y))) of what a classifier says of pictures, in [1, K] (Salimans et al. 2016, arXiv:1606.03498), in f64. Of several
/// splits it is their mean, as the paper's; of each so many rows that follow one another, every split gets one.
/// </summary>
/// <remarks>The figure depends on the classifier, on the number of rows (it grows with it) and on the splits: say them with it.</remarks>
public sealed class InceptionScore : IMetric
{
    // By split: rows, the sum of p log p, the sum of p.
    private static readonly ulong Key = RowRandom.Key(0, "splits");

    private readonly long[] _rows;
    private readonly Tensor _negentropy;
    private readonly Tensor _total;
    private long _next;

    /// <summary>Begins with no rows.</summary>
    /// <param name="classes">The number K.</param>
    /// <param name="splits">1 or more.</param>
    public InceptionScore(long classes, long splits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(splits, 1);
        _rows = new long[splits];
        _negentropy = zeros([splits], ScalarType.Float64).DetachFromDisposeScope();
        _total = zeros([splits, classes], ScalarType.Float64).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    /// <exception cref="GenDslException">There are rows, but fewer than splits.</exception>
    public double Value
    {
        get
        {
            if (_next == 0)
            {
                return double.NaN;
            }

            if (_next < _rows.Length)
            {
                throw new GenDslException($"The inception score of {_rows.Length} splits needs as many rows, but there are {_next}.");
            }

            using var scope = NewDisposeScope();
            Tensor count = tensor(_rows).to(ScalarType.Float64);
            Tensor marginal = _total / count.unsqueeze(1);
            Tensor divergence = (_negentropy / count) - marginal.xlogy(marginal).sum([1]);
            return divergence.exp().mean().ToDouble();
        }
    }

    /// <summary>The score of a batch in one split: a new tensor, one number.</summary>
    /// <param name="logits">Shape <c>[n, K]</c>.</param>
    public static Tensor Of(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        using var score = new InceptionScore(logits.size(1), 1);
        score.Add(logits);
        return tensor(score.Value, get_default_dtype(), logits.device);
    }

    /// <summary>Adds a batch; the tensor stays the caller's.</summary>
    /// <param name="logits">Shape <c>[n, K]</c>.</param>
    public void Add(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        using var scope = NewDisposeScope();
        Tensor logP = logits.detach().to(ScalarType.Float64, CPU).log_softmax(1);
        Tensor p = logP.exp();
        long rows = logits.size(0), splits = _rows.Length;
        long[] places = new long[rows];
        for (long i = 0; i < rows; i++)
        {
            places[i] = SplitOf(_next + i, splits);
            _rows[places[i]]++;
        }

        Tensor split = tensor(places);
        _total.index_add_(0, split, p, 1);
        _negentropy.index_add_(0, split, (p * logP).sum([1]), 1);
        _next += rows;
    }

    // Of so many rows that follow one another each split gets one, turned by chance: samples that go through the classes in turn would put
    // one class into each split otherwise.
    private static long SplitOf(long row, long splits) => (row + new RowRandom(Key, row / splits).Below((int)splits)) % splits;

    /// <inheritdoc/>
    public void Dispose()
    {
        _negentropy.Dispose();
        _total.Dispose();
    }
}
