namespace GenDsl.Runtime;

/// <summary>An interval of the features.</summary>
internal sealed unsafe class SpanSlice(SpanExecutor executor, SliceNode value) : SpanNode(executor, value)
{
    public override void Compute(in SiteUnit unit)
    {
        var input = Input();
        var source = input.At(unit) + value.First;
        var target = At(unit);
        var width = Width(unit);
        for (var row = 0; row < unit.Count * Batch; row++)
        {
            Copy(source + ((long)row * input.Features), target + ((long)row * Features), width);
        }
    }
}
