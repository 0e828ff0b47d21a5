using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A table entry for every number: feature k·c + ch is component k of feature ch.</summary>
internal sealed class EmbedNode(SamplerPlan plan, SiteShape shape, SiteRead read, Tensor table) : SiteValue(plan, "embed", shape, [read])
{
    /// <summary>[entries, components].</summary>
    public Tensor Table { get; } = table;
}
