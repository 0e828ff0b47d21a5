namespace GenDsl.Runtime;

/// <summary>A value moved on its grid.</summary>
internal sealed unsafe class SpanShift(SpanExecutor executor, ShiftNode value) : SpanNode(executor, value)
{
    public override void Compute(in SiteUnit unit)
    {
        var read = Value.Reads[0];
        var source = Input().Site((int)(unit.Row + read.First.Row), (int)(unit.Column + read.First.Column));
        var target = At(unit);
        if (unit.Class < 0)
        {
            Copy(source, target, (int)(unit.Count * SiteStride));
            return;
        }

        source += Value.Grading!.Start[unit.Class];
        var width = Width(unit);
        for (var row = 0; row < unit.Count * Batch; row++)
        {
            Copy(source + ((long)row * Features), target + ((long)row * Features), width);
        }
    }
}
