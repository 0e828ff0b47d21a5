using System.Linq;

namespace GenDsl.Runtime;

/// <summary>The same numbers, stored by other classes; inserted where values with and without classes meet.</summary>
internal sealed class RegroupNode : SiteValue
{
    public RegroupNode(SamplerPlan plan, SiteShape shape, SiteRead read)
        : base(plan, shape.Grading is null ? "join classes" : "split classes", shape, [read])
    {
        var features = (int)shape.Features;
        var from = read.Input.Grading?.Natural ?? [.. Enumerable.Range(0, features)];
        var to = shape.Grading?.Natural ?? [.. Enumerable.Range(0, features)];
        var place = new int[features];
        for (var i = 0; i < features; i++)
        {
            place[from[i]] = i;
        }

        Source = [.. to.Select(feature => place[feature])];
    }

    /// <summary>For each place of the result, the place of the input.</summary>
    public int[] Source { get; }
}
