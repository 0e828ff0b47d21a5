namespace GenDsl.Runtime;

/// <summary>The same numbers in another order of storage.</summary>
internal sealed unsafe class SpanRegroup(SpanExecutor executor, RegroupNode value) : SpanNode(executor, value)
{
    public override void Compute(in SiteUnit unit)
    {
        var source = Input().At(unit with { Class = -1 });
        var target = At(unit);
        var width = Width(unit);
        var first = unit.Class < 0 ? 0 : Value.Grading!.Start[unit.Class];
        for (var row = 0; row < unit.Count * Batch; row++)
        {
            for (var i = 0; i < width; i++)
            {
                target[((long)row * Features) + i] = source[((long)row * Features) + value.Source[first + i]];
            }
        }
    }
}
