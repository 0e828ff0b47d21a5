using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>How many of K codes are in use, as it were: the perplexity <c>exp(H)</c> of how often each occurs, in [1, K].</summary>
public sealed class CodeUsage : IMetric
{
    private readonly Tensor _counts;

    /// <summary>Begins with no codes.</summary>
    /// <param name="codes">The number K.</param>
    public CodeUsage(long codes) => _counts = zeros([codes], ScalarType.Int64).DetachFromDisposeScope();

    /// <inheritdoc/>
    public double Value
    {
        get
        {
            using var perplexity = Of(_counts);
            return perplexity.ToDouble();
        }
    }

    /// <summary>The perplexity of a batch: a new tensor, one number.</summary>
    /// <param name="x">Labels in [0, K), any shape.</param>
    /// <param name="codes">The number K.</param>
    public static Tensor Perplexity(Tensor x, long codes)
    {
        using var counts = Counts(x, codes);
        using var perplexity = Of(counts);
        return perplexity.to(get_default_dtype());
    }

    /// <summary>Adds the codes of a batch; the tensor stays the caller's.</summary>
    /// <param name="x">Labels in [0, K), any shape.</param>
    public void Add(Tensor x)
    {
        using var counts = Counts(x, _counts.size(0));
        using var onHost = counts.cpu();
        _counts.add_(onHost, Held.Whole(1));
    }

    /// <inheritdoc/>
    public void Dispose() => _counts.Dispose();

    private static Tensor Counts(Tensor x, long codes)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var labels = x.to(ScalarType.Int64);
        using var flat = labels.flatten();
        return flat.bincount(null, minlength: codes);
    }

    private static Tensor Of(Tensor counts)
    {
        using var all = counts.sum();
        using var shares = counts.to(ScalarType.Float64);
        shares.div_(all);
        using var terms = special.entr(shares);
        using var entropy = terms.sum();
        return entropy.exp();
    }
}
