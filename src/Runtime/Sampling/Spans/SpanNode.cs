using System;

namespace GenDsl.Runtime;

/// <summary>
/// A node of the span executor: what it keeps, and how its units are computed. In memory a unit is its sites, in each the samples, in each the
/// features; a ring of rows, each with its margins of zeros.
/// </summary>
internal abstract unsafe class SpanNode : IDisposable
{
    private readonly int _rows;
    private readonly int _columns;
    private readonly long _rowFloats;
    private readonly long _siteFloats;
    private readonly int _left;
    private readonly int[] _starts;
    private float* _memory;

    protected SpanNode(SpanExecutor executor, SiteValue value)
    {
        Executor = executor;
        Value = value;
        var shape = value.Shape;
        var storage = executor.Schedule.Storage[value.Index];
        Features = (int)shape.Features;
        Batch = (int)shape.Batch;
        IsTransient = storage.IsTransient;
        _starts = shape.Grading?.Start ?? [0];
        _siteFloats = (long)Batch * Features;

        // What is kept for a unit only has room for one, a row or a site.
        _rows = IsTransient ? 1 : storage.Rows;
        _columns = !IsTransient ? shape.Columns : executor.IsByRow(value) ? shape.Columns : 1;
        _left = storage.Left;
        _rowFloats = (_columns + storage.Left + storage.Right) * _siteFloats;
        Floats = _rows * _rowFloats;
        _memory = FloatMemory.Allocate(Floats);
        executor.NeedZeros(_rowFloats);
    }

    public SiteValue Value { get; }

    public int Features { get; }

    public int Batch { get; }

    /// <summary>Floats kept.</summary>
    public long Floats { get; }

    public bool IsTransient { get; }

    /// <summary>From a site to the next.</summary>
    public long SiteStride => _siteFloats;

    /// <summary>From a sample to the next where others have more of them: 0 for a constant that all share.</summary>
    public int SampleStride(int samples) => Batch == samples ? Features : 0;

    protected SpanExecutor Executor { get; }

    /// <summary>Forgets what a former run computed.</summary>
    public virtual void Prepare() => FloatMemory.Clear(_memory, Floats);

    /// <summary>Computes the unit.</summary>
    public abstract void Compute(in SiteUnit unit);

    /// <summary>The features of a unit: its first site, first sample, first feature of its class.</summary>
    public float* At(in SiteUnit unit)
    {
        var start = unit.Class > 0 && _starts.Length > 1 ? _starts[unit.Class] : 0;
        if (IsTransient)
        {
            return _memory + start + (_columns == 1 ? 0 : unit.Column * _siteFloats);
        }

        // Axes of size 1 broadcast.
        var row = Value.Shape.Rows == 1 ? 0 : unit.Row % _rows;
        var column = Value.Shape.Columns == 1 ? 0 : unit.Column;
        return _memory + (row * _rowFloats) + ((_left + column) * _siteFloats) + start;
    }

    /// <summary>From a site of a unit to the next; 0 where one site stands for all.</summary>
    public long StrideFor(in SiteUnit unit) => unit.Count > 1 && Value.Shape.Columns == 1 ? 0 : _siteFloats;

    /// <summary>A site of the grid or of its margins; zeros outside.</summary>
    public float* Site(int row, int column) => (uint)row >= (uint)Value.Shape.Rows
        ? Executor.Zeros
        : _memory + (row % _rows * _rowFloats) + ((_left + column) * _siteFloats);

    /// <summary>The number of features of a unit.</summary>
    public int Width(in SiteUnit unit) => unit.Class < 0 || _starts.Length == 1 ? Features : _starts[unit.Class + 1] - _starts[unit.Class];

    public virtual void Dispose() => FloatMemory.Free(ref _memory);

    protected SpanNode Input(int i = 0) => Executor.NodeOf(Value.Reads[i].Input);

    /// <summary>Copies so many floats.</summary>
    protected static void Copy(float* source, float* target, int count) => new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(target, count));
}
