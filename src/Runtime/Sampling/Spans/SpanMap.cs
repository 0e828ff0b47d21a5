using System;

namespace GenDsl.Runtime;

/// <summary>A kernel at every site: in one go where all numbers lie together, else sample by sample.</summary>
internal sealed unsafe class SpanMap(SpanExecutor executor, MapNode value) : SpanNode(executor, value)
{
    private readonly SpanNode[] _inputs = Array.ConvertAll([.. value.Reads], read => executor.NodeOf(read.Input));
    private readonly SiteKernel _kernel = value.Kernel;

    public override void Compute(in SiteUnit unit)
    {
        var count = _inputs.Length;
        var starts = stackalloc float*[count];
        var lengths = stackalloc int[count];
        var target = At(unit);
        var width = Width(unit);
        var rows = unit.Count * Batch;
        var isTogether = rows == 1 || (_kernel.Kind == SiteKernelKind.Pointwise && width == Features);
        for (var i = 0; i < count; i++)
        {
            var input = _inputs[i];
            starts[i] = input.At(unit);
            lengths[i] = input.Width(unit);

            // One number for all samples may stay one.
            isTogether &= rows == 1 || (lengths[i] == width && input.Features == width && input.Batch == Batch && input.StrideFor(unit) == input.SiteStride);
        }

        if (isTogether)
        {
            for (var i = 0; i < count && rows > 1; i++)
            {
                lengths[i] = rows * width;
            }

            _kernel.Apply(new SiteSpans(starts, lengths, count), new Span<float>(target, rows * width));
            return;
        }

        var first = stackalloc float*[count];
        for (var site = 0; site < unit.Count; site++)
        {
            for (var sample = 0; sample < Batch; sample++)
            {
                for (var i = 0; i < count; i++)
                {
                    first[i] = starts[i] + (site * _inputs[i].StrideFor(unit)) + (sample * _inputs[i].SampleStride(Batch));
                }

                _kernel.Apply(new SiteSpans(first, lengths, count), new Span<float>(target + (site * SiteStride) + (sample * Features), width));
            }
        }
    }
}
