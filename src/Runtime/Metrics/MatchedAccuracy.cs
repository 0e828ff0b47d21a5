using System;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// How often groups found without labels are right, after the best assignment of groups to labels, each to one: what an assignment problem on
/// the table of counts finds (Kuhn 1955; accuracy of a clustering, Yang et al. 2010).
/// </summary>
/// <remarks>Which group stands for which label is found on the rows that are told, so that a few of many groups look better than they are.</remarks>
public sealed class MatchedAccuracy : IMetric
{
    // By group, then label.
    private readonly long[,] _counts;
    private long _rows;

    /// <summary>Begins with no rows.</summary>
    /// <param name="groups">The number of groups, 1 or more.</param>
    /// <param name="classes">The number of labels, 1 or more.</param>
    public MatchedAccuracy(long groups, long classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        _counts = new long[groups, classes];
    }

    /// <inheritdoc/>
    /// <remarks>In [0, 1]; NaN without rows.</remarks>
    public double Value => _rows == 0 ? double.NaN : (double)Assignment.Best(_counts) / _rows;

    /// <summary>The figure of one batch: a new tensor, one number.</summary>
    /// <param name="logits">Shape <c>[n, groups]</c>.</param>
    /// <param name="labels">Shape <c>[n]</c>, integers from 0.</param>
    /// <param name="classes">The number of labels.</param>
    public static Tensor Of(Tensor logits, Tensor labels, long classes)
    {
        ArgumentNullException.ThrowIfNull(logits);
        using var accuracy = new MatchedAccuracy(logits.size(1), classes);
        accuracy.Add(logits, labels);
        return tensor(accuracy.Value, get_default_dtype(), logits.device);
    }

    /// <summary>Adds a batch; the tensors stay the caller's.</summary>
    /// <param name="logits">Shape <c>[n, groups]</c>; a row belongs to the group of its largest.</param>
    /// <param name="labels">Shape <c>[n]</c>, integers from 0.</param>
    /// <exception cref="GenDslException">Logits are not finite, or a label lies outside of the classes.</exception>
    public void Add(Tensor logits, Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(labels);
        using var scope = NewDisposeScope();
        if (!logits.isfinite().all().ToBoolean())
        {
            throw new GenDslException("The logits are not finite, so that nothing can be said of them: the net has diverged, or divides by 0.");
        }

        long[] groups = [.. logits.detach().argmax(1).cpu().data<long>()];
        long[] told = [.. labels.detach().to(ScalarType.Int64, CPU).data<long>()];
        if (Array.FindIndex(told, label => label < 0 || label >= _counts.GetLength(1)) is var wrong and >= 0)
        {
            throw new GenDslException(FormattableString.Invariant($"There are {_counts.GetLength(1)} labels, and {told[wrong]} is none of them."));
        }

        foreach (var (group, label) in groups.Zip(told))
        {
            _counts[group, label]++;
        }

        _rows += told.Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
