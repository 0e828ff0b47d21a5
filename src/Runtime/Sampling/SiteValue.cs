using System;
using System.Collections.Generic;
using System.Linq;

namespace GenDsl.Runtime;

/// <summary>
/// A value of a <see cref="SamplerPlan"/>: a vector of features at every site of a grid. Made by the plan's methods; what the sampler computes
/// of it, and when, follows from what reads it.
/// </summary>
public abstract class SiteValue
{
    private protected SiteValue(SamplerPlan plan, string kind, SiteShape shape, IReadOnlyList<SiteRead> reads, bool isRoot = false)
    {
        Plan = plan;
        Shape = shape;
        Reads = reads;
        DependsOnRoot = isRoot || reads.Any(read => read.Input.DependsOnRoot);
        Index = plan.Register(this);
        Name = FormattableString.Invariant($"{kind} {Index}");
    }

    /// <summary>Number of features at a site: the first per-sample axis.</summary>
    public long Features => Shape.Features;

    /// <summary>The site axes: none, [T] or [H, W]; axes of size 1 broadcast.</summary>
    public long[] Sites => Shape.Sites;

    /// <summary>The size of an axis of the per-sample shape.</summary>
    /// <param name="rank">Number of axes of that shape: as many as there are site axes, or one more with the features in front.</param>
    /// <param name="axis">Which.</param>
    public long Size(int rank, int axis) => rank == Sites.Length ? Sites[axis] : axis == 0 ? Features : Sites[axis - 1];

    internal SamplerPlan Plan { get; }

    internal SiteShape Shape { get; }

    internal Grading? Grading => Shape.Grading;

    internal int Index { get; }

    internal string Name { get; }

    /// <summary>What it reads, in order.</summary>
    internal IReadOnlyList<SiteRead> Reads { get; }

    /// <summary>True for what is drawn and for what is computed from it.</summary>
    internal bool DependsOnRoot { get; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Name}: {Shape}");
}
