using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>How often the majority of the k nearest features, by cosine, has the label of a test row; of equally frequent labels the one with the nearer neighbours wins.</summary>
public sealed class KnnAccuracy : FeatureProbe
{
    // Rows that are compared at once: 1,024 x 60,000 similarities take 240 MiB.
    private const long Rows = 1024;

    private readonly long _classes;
    private readonly long _k;

    /// <summary>Begins with no rows.</summary>
    /// <param name="classes">The number of labels.</param>
    /// <param name="k">Neighbours that are asked, 1 or more; all where there are fewer.</param>
    public KnnAccuracy(long classes, long k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        (_classes, _k) = (classes, k);
    }

    /// <summary>The figure of one batch: a new tensor, one number.</summary>
    /// <param name="fit">Shape <c>[n, d]</c>.</param>
    /// <param name="fitLabels">Shape <c>[n]</c>.</param>
    /// <param name="test">Shape <c>[m, d]</c>.</param>
    /// <param name="testLabels">Shape <c>[m]</c>.</param>
    /// <param name="classes">The number of labels.</param>
    /// <param name="k">Neighbours.</param>
    public static Tensor Of(Tensor fit, Tensor fitLabels, Tensor test, Tensor testLabels, long classes, long k)
    {
        ArgumentNullException.ThrowIfNull(fit);
        using var probe = new KnnAccuracy(classes, k);
        probe.Add(fit, fitLabels, test, testLabels);
        return tensor(probe.Value, get_default_dtype(), fit.device);
    }

    /// <inheritdoc/>
    private protected override Tensor Predict(Tensor fit, Tensor labels, Tensor test)
    {
        Tensor known = nn.functional.normalize(fit, 2, 1);
        long k = Math.Min(_k, fit.size(0));

        // A vote counts 1, and less than 1/k of a vote more for nearness: it decides between equals only.
        var said = new System.Collections.Generic.List<Tensor>();
        for (long start = 0; start < test.size(0); start += Rows)
        {
            using var scope = NewDisposeScope();
            Tensor rows = nn.functional.normalize(test.narrow(0, start, Math.Min(Rows, test.size(0) - start)), 2, 1);
            var (near, which) = rows.mm(known.t()).topk((int)k, 1);
            Tensor votes = zeros(rows.size(0), _classes).scatter_add_(1, labels.index_select(0, which.reshape(-1)).reshape(which.shape), 1 + ((near + 1) / (4.0 * k)));
            said.Add(votes.argmax(1).MoveToOuterDisposeScope());
        }

        return cat([.. said]);
    }
}
