namespace GenDsl.Runtime;

/// <summary>An interval of the features.</summary>
internal sealed class SliceNode(SamplerPlan plan, SiteShape shape, SiteRead read, long first) : SiteValue(plan, "chunk", shape, [read])
{
    /// <summary>The first feature; where there are classes, it divides evenly among them.</summary>
    public int First { get; } = (int)(shape.Grading is null ? first : first / shape.Grading.Classes);
}
