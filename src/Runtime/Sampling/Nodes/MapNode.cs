using System.Collections.Generic;

namespace GenDsl.Runtime;

/// <summary>A kernel applied at every site.</summary>
internal sealed class MapNode(SamplerPlan plan, SiteShape shape, IReadOnlyList<SiteRead> reads, SiteKernel kernel)
    : SiteValue(plan, kernel.Name, shape, reads)
{
    public SiteKernel Kernel { get; } = kernel;
}
