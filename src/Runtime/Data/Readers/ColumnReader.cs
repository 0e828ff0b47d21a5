using System;
using System.Threading;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Readers;

/// <summary>Gathers rows from compact storage, kept on the device that asks, and lets the conversion finish them.</summary>
internal abstract class ColumnReader : IColumnReader
{
    private readonly Lock _lock = new();
    private Tensor _values;

    protected ColumnReader(Tensor values, SpaceInfo space)
    {
        Rows = values.size(0);
        _values = values.reshape([Rows, .. ColumnFit.ShapeOf(values.shape.AsSpan(1), space)]).DetachFromDisposeScope();
    }

    public long Rows { get; }

    public static ColumnReader Create(Column column, SpaceInfo space)
    {
        // A byte cannot miss 256 levels.
        if (column.Kind is ElementKind.Levels or ElementKind.Bit && ColumnFit.LevelsOf(column) != 256)
        {
            RangeCheck.Require(column, space with { Low = 0, High = ColumnFit.LevelsOf(column) - 1 });
        }

        switch (space.Element)
        {
            case ElementKind.Bit when column.View == ColumnView.Random:
                return new RandomBitReader(column, space);
            case ElementKind.Bit:
                return new ScaledReader(column.Kind == ElementKind.Bit ? column.Values : column.StaticBits(), space);
            case ElementKind.MuLaw when column.Kind == ElementKind.Real:
                RangeCheck.Require(column, space with { Low = -1, High = 1 });
                return new MuLawReader(column, space);
            case ElementKind.Real when column.Kind == ElementKind.Real:
                RangeCheck.Require(column, space);
                return new RealReader(column, space);
            case ElementKind.Levels when ColumnFit.LevelsOf(column) != space.Count:
                return new CoarseLevelReader(column, space);
            case ElementKind.Real or ElementKind.Levels:
                return new ScaledReader(column, space);
            default:
                RangeCheck.Require(column, space with { Low = 0, High = (space.FreeCount is null ? space.Count : column.Count) - 1 });
                return new IndexReader(column, space);
        }
    }

    public Tensor Gather(Tensor indices, Draws draws)
    {
        var rows = On(indices).index_select(0, indices);
        return Convert(rows, draws);
    }

    public void Dispose() => _values.Dispose();

    /// <summary>Converts gathered rows, which it owns, to the space.</summary>
    protected abstract Tensor Convert(Tensor rows, Draws draws);

    private Tensor On(Tensor indices)
    {
        if (_values.device_type == indices.device_type && _values.device_index == indices.device_index)
        {
            return _values;
        }

        lock (_lock)
        {
            var moved = _values.to(indices.device).DetachFromDisposeScope();
            _values.Dispose();
            return _values = moved;
        }
    }
}
