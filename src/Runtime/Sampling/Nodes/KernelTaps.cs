using System;
using System.Collections.Generic;
using System.Linq;

namespace GenDsl.Runtime;

/// <summary>The taps of a convolution, per phase of the result; a plain convolution has one phase, a transposed one as many as its stride.</summary>
internal sealed class KernelTaps
{
    private readonly (long Row, long Column) _before;
    private readonly bool _transposed;

    public KernelTaps((long Row, long Column) kernel, (long Row, long Column) stride, (long Row, long Column) dilation, (long Row, long Column) before, bool transposed)
    {
        Stride = stride;
        Columns = (int)kernel.Column;
        _before = before;
        _transposed = transposed;
        var rows = Axis(kernel.Row, stride.Row, dilation.Row, before.Row, transposed);
        var columns = Axis(kernel.Column, stride.Column, dilation.Column, before.Column, transposed);
        Phases =
        [
            .. from r in rows
               from c in columns
               select (SiteTap[])[.. from a in r from b in c select new SiteTap(a.Offset, b.Offset, a.Kernel, b.Kernel)],
        ];
    }

    public (long Row, long Column) Stride { get; }

    /// <summary>Columns of the kernel.</summary>
    public int Columns { get; }

    public SiteTap[][] Phases { get; }

    public SiteRead Read(SiteValue x, SiteShape result)
    {
        var all = Phases.SelectMany(phase => phase).ToArray();
        var label = (x.Grading?.Classes ?? 1) - 1;

        // A transposed tap reads the input at I with stride·I = o + before - tap: its offset counts in places of the finer side.
        var last = _transposed
            ? new SiteOffset(result.RowRate * _before.Row, result.ColumnRate * _before.Column, label)
            : new SiteOffset(x.Shape.RowRate * all.Max(tap => tap.Row), x.Shape.ColumnRate * all.Max(tap => tap.Column), label);
        return new SiteRead(x, last)
        {
            Step = _transposed ? (1, 1) : Stride,
            Factor = _transposed ? Stride : (1, 1),
            First = all.Length == 0 ? (0, 0) : (all.Min(tap => tap.Row), all.Min(tap => tap.Column)),
            LastColumn = all.Length == 0 ? 0 : all.Max(tap => tap.Column),
            IsOwn = label == 0 && !_transposed && Stride == (1, 1) && all.All(tap => (tap.Row, tap.Column) == (0, 0)),
        };
    }

    private static List<(int Offset, int Kernel)[]> Axis(long kernel, long stride, long dilation, long before, bool transposed)
    {
        var taps = Enumerable.Range(0, (int)kernel);
        if (!transposed)
        {
            return [[.. taps.Select(i => ((int)((i * dilation) - before), i))]];
        }

        var phases = new List<(int Offset, int Kernel)[]>();
        for (var phase = 0; phase < stride; phase++)
        {
            phases.Add([.. from i in taps
                           let place = phase + before - (i * dilation)
                           where place % stride == 0
                           orderby place
                           select ((int)(place / stride), i)]);
        }

        return phases;
    }
}
