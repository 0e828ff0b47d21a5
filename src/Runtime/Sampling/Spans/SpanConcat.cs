namespace GenDsl.Runtime;

/// <summary>Values joined along their features.</summary>
internal sealed unsafe class SpanConcat(SpanExecutor executor, ConcatNode value) : SpanNode(executor, value)
{
    public override void Compute(in SiteUnit unit)
    {
        var target = At(unit);
        var place = 0;
        for (var i = 0; i < Value.Reads.Count; i++)
        {
            var input = Input(i);
            var source = input.At(unit);
            var width = input.Width(unit);
            for (var site = 0; site < unit.Count; site++)
            {
                for (var sample = 0; sample < Batch; sample++)
                {
                    Copy(
                        source + (site * input.StrideFor(unit)) + (sample * input.SampleStride(Batch)),
                        target + (site * SiteStride) + (sample * Features) + place, width);
                }
            }

            place += width;
        }
    }
}
