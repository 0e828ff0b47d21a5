namespace GenDsl.Runtime;

/// <summary>What is drawn, as real numbers.</summary>
internal sealed class RootNode(SamplerPlan plan, SiteShape shape) : SiteValue(plan, "root", shape, [], isRoot: true);
