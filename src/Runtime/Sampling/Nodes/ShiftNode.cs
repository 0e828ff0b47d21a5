namespace GenDsl.Runtime;

/// <summary>A value moved on its grid, with zeros where nothing came from.</summary>
internal sealed class ShiftNode(SamplerPlan plan, SiteShape shape, SiteRead read) : SiteValue(plan, "shift", shape, [read]);
