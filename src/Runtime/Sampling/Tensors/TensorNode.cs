using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A node of the tensor executor: what it keeps, and how its units are computed. Tensors of a unit are [columns, batch, features].</summary>
internal abstract class TensorNode : IDisposable
{
    private Tensor? _ring;
    private Tensor? _zeros;
    private Tensor? _current;
    private Tensor?[] _sites = [];

    protected TensorNode(TensorExecutor executor, SiteValue value)
    {
        Executor = executor;
        Value = value;
        Storage = executor.Schedule.Storage[value.Index];
    }

    public SiteValue Value { get; }

    protected TensorExecutor Executor { get; }

    protected SiteStorage Storage { get; }

    /// <summary>Bytes kept.</summary>
    public long Bytes => _ring is null ? 0 : _ring.numel() * _ring.element_size();

    /// <summary>Columns with their margins.</summary>
    private int Columns => Value.Shape.Columns + Storage.Left + Storage.Right;

    /// <summary>Allocates what is kept; nothing has been computed then.</summary>
    public virtual void Prepare()
    {
        if (_ring is not null)
        {
            _ring.fill_(Held.Scalar(0));
        }
        else if (!Storage.IsTransient)
        {
            Keep(zeros([Storage.Rows, Columns, Value.Shape.Batch, Value.Features], Executor.Plan.Type, Executor.Plan.Device));
        }
    }

    /// <summary>Computes the unit and keeps it.</summary>
    public void Evaluate(SiteUnit unit)
    {
        var result = Compute(unit);
        if (Storage.IsTransient)
        {
            _current?.Dispose();
            _current = result;
            return;
        }

        Store(unit, result);
        result.Dispose();
    }

    /// <summary>Keeps a unit.</summary>
    public void Store(SiteUnit unit, Tensor result)
    {
        if (unit.Count == 1)
        {
            Classes(Site(unit.Row, unit.Column), unit.Class).copy_(result);
            return;
        }

        using var row = _ring!.select(0, unit.Row % Storage.Rows);
        using var columns = row.narrow(0, Storage.Left + unit.Column, unit.Count);
        Classes(columns, unit.Class).copy_(result);
    }

    /// <summary>The value at a unit of a node on the same grid, or one that broadcasts to it; valid until the evaluation ends.</summary>
    public Tensor At(SiteUnit unit)
    {
        if (Storage.IsTransient)
        {
            return _current ?? throw new InvalidOperationException($"Internal error of GenDsl: '{Value.Name}' is read before it is computed.");
        }

        var row = Value.Shape.Rows == 1 ? 0 : unit.Row;
        return Classes(
            Value.Shape.Columns == 1 ? Site(row, 0) : unit.Count == 1 ? Site(row, unit.Column) : Row(row, unit.Column, unit.Count, 1), unit.Class);
    }

    /// <summary>Sites of a row, zeros outside the grid; valid until the evaluation ends.</summary>
    public Tensor Row(int row, int column, int count, int step)
    {
        if (row < 0 || row >= Value.Shape.Rows)
        {
            _zeros ??= zeros([Columns, Value.Shape.Batch, Value.Features], Executor.Plan.Type, Executor.Plan.Device);
            return Executor.Use(_zeros.narrow(0, 0, count));
        }

        if (count == 1)
        {
            return Site(row, column);
        }

        using var whole = _ring!.select(0, row % Storage.Rows);
        var start = Storage.Left + column;
        return Executor.Use(step == 1 ? whole.narrow(0, start, count) : whole.slice(0, start, start + ((count - 1) * step) + 1, step));
    }

    /// <summary>Forgets the unit at hand.</summary>
    public void Release()
    {
        _current?.Dispose();
        _current = null;
    }

    public virtual void Dispose()
    {
        Release();
        foreach (var site in _sites)
        {
            site?.Dispose();
        }

        _sites = [];
        _ring?.Dispose();
        _ring = null;
        _zeros?.Dispose();
        _zeros = null;
    }

    /// <summary>The unit of this node, [columns, batch, features]; a new tensor.</summary>
    protected abstract Tensor Compute(SiteUnit unit);

    /// <summary>Takes [rows, columns with margins, batch, features] as what is kept.</summary>
    protected void Keep(Tensor ring)
    {
        _ring = ring;
        _sites = new Tensor?[Storage.Rows * Columns];
    }

    protected Tensor Ring => _ring!;

    protected bool HasRing => _ring is not null;

    protected TensorNode Input(int i = 0) => Executor.NodeOf(Value.Reads[i].Input);

    // Views of single sites are made once: making one costs as much as a small operation.
    private Tensor Site(int row, int column)
    {
        var slot = row % Storage.Rows;
        ref var site = ref _sites[(slot * Columns) + Storage.Left + column];
        if (site is null)
        {
            using var whole = _ring!.select(0, slot);
            site = whole.narrow(0, Storage.Left + column, 1);
        }

        return site;
    }

    private Tensor Classes(Tensor all, int label) =>
        label < 0 || Value.Grading is not { Classes: > 1 } grading ? all : Executor.Use(all.narrow(-1, grading.Start[label], grading.Count(label)));
}
