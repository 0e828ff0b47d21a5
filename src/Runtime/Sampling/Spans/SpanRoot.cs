using System;

namespace GenDsl.Runtime;

/// <summary>The drawn numbers, all of them.</summary>
internal sealed class SpanRoot(SpanExecutor executor, RootNode value) : SpanNode(executor, value)
{
    public override void Compute(in SiteUnit unit) => throw new InvalidOperationException("Internal error of GenDsl: the root is drawn, not computed.");
}
