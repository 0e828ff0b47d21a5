using System;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>What <see cref="SamplerPlan.Map"/> computes at a site: in a tensor form, and for the common ones in a span form.</summary>
public abstract class SiteKernel
{
    private protected SiteKernel(string name, SiteKernelKind kind)
    {
        Name = name;
        Kind = kind;
    }

    /// <summary>Its name, in the language's spelling.</summary>
    public string Name { get; }

    /// <summary>How it treats features.</summary>
    public SiteKernelKind Kind { get; }

    /// <summary>True where there is a form that runs without tensors.</summary>
    internal virtual bool HasSpanForm => true;

    /// <summary>Number of features of the result.</summary>
    /// <param name="features">Those of the inputs.</param>
    internal abstract long Features(long[] features);

    /// <summary>The result [..., features] of inputs [..., features], which broadcast; a new tensor.</summary>
    public abstract Tensor Apply(Tensor[] inputs);

    /// <summary>One row of features; inputs of one feature broadcast.</summary>
    internal abstract void Apply(in SiteSpans inputs, Span<float> result);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private protected long Single(long[] features) => features.Length == 1
        ? features[0]
        : throw new ArgumentException(FormattableString.Invariant($"'{Name}' takes one value, not {features.Length}."));

    private protected long Common(long[] features)
    {
        var most = features.Max();
        return features.All(count => count == most || count == 1)
            ? most
            : throw new ArgumentException(FormattableString.Invariant($"'{Name}' cannot combine {string.Join(", ", features)} features."));
    }
}
