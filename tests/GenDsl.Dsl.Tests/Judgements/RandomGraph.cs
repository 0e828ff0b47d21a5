using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;
using static GenDsl.Dsl.Tests.Judgements.GraphBuilder;

namespace GenDsl.Dsl.Tests.Judgements;

/// <summary>
/// A random net over a small image or line: convolutions with any stride, dilation and padding, masks, shifts, coarser
/// grids and back, loops, parts, rasters, classes. Sizes may be variables, whose values only the reference knows.
/// </summary>
internal sealed class RandomGraph
{
    private readonly Random _random;
    private readonly GraphBuilder _graph = new();
    private readonly Dictionary<string, long> _sizes = new(StringComparer.Ordinal);
    private readonly bool _isSymbolic;
    private int _classes = 1;

    private RandomGraph(Random random, bool isSymbolic) => (_random, _isSymbolic) = (random, isSymbolic);

    public IrBlock Block => _graph.Block;

    public IReadOnlyDictionary<string, long> Sizes => _sizes;

    public GraphBuilder Graph => _graph;

    public IrValue Data { get; private set; } = null!;

    public IrValue Root { get; private set; } = null!;

    public IrValue Argument { get; private set; } = null!;

    public bool ChannelsAreEvent { get; private set; }

    public static RandomGraph Of(int seed, bool isSymbolic)
    {
        var graph = new RandomGraph(new Random(seed), isSymbolic);
        switch (graph._random.Next(10))
        {
            case < 6:
                graph.Image();
                break;
            case < 8:
                graph.Line();
                break;
            default:
                graph.Variables();
                break;
        }

        return graph;
    }

    private int Next(int low, int high) => _random.Next(low, high + 1);

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private T Pick<T>(params T[] items) => items[_random.Next(items.Length)];

    private Dim Size(string name, long value, long factor = 1, long minimum = 1)
    {
        if (!_isSymbolic)
        {
            return value * factor;
        }

        _sizes[name] = value;
        return factor * Dim.Of(new DimVariable(name, DimVariableKind.Free, minimum));
    }

    private void Image()
    {
        _classes = Pick(1, 1, 2, 3);
        bool isCoarse = Chance(0.4);
        Data = Parameter(_classes, isCoarse ? Size("h", Next(2, 3), 2) : Size("h", Next(3, 6)), isCoarse ? Size("w", Next(2, 3), 2) : Size("w", Next(3, 6)));
        ChannelsAreEvent = _classes > 1 && Chance(0.3);
        bool onRaster = Chance(0.2);
        Root = onRaster ? _graph.Raster(Data) : Data;
        IrValue value = Strict2(Data);
        for (int i = Next(1, 4); i > 0; i--)
        {
            value = Layer2(value, isCoarse, depth: 0);
        }

        if (onRaster)
        {
            value = _graph.Raster(value);
            for (int i = Next(0, 2); i > 0; i--)
            {
                value = Layer1(value, depth: 0);
            }
        }

        Argument = Final(value);
    }

    // Most graphs begin with a shift or a mask: those that do not are leaks and prove little.
    private IrValue Strict2(IrValue x) => _random.Next(8) switch
    {
        0 => x,
        <= 2 => _graph.Shift(x, Next(1, 2), Next(-1, 1)),
        3 => _graph.Shift(x, 0, Next(1, 2)),
        4 => _graph.Pointwise(_graph.Shift(x, 1, 0), _graph.Shift(x, 0, 1)),
        _ => Masked2(x, true),
    };

    private IrValue Masked2(IrValue x, bool strict)
    {
        int classes = Chance(0.85) ? _classes : Next(1, 3);
        (int rows, int columns) = (Pick(1, 3), Pick(3, 3, 5));
        return _graph.MaskedConv(x, classes * Next(1, 2), classes, strict, Taps(rows, rows / 2), Taps(columns, columns / 2));
    }

    private IrValue Layer2(IrValue x, bool isCoarse, int depth)
    {
        switch (_random.Next(13))
        {
            case 0 or 1:
                return _graph.Conv(x, _classes * Next(1, 2), Axis(Pick("down", "down", "same", "right")), Axis(Pick("same", "down", "same")));
            case 2:
                return _graph.Conv(x, _classes * Next(1, 2), Axis("down"), Axis("down"));
            case 3 or 4:
                return Masked2(x, false);
            case 5:
                return _graph.Shift(x, Pick((1L, 0L), (0, 1), (1, -1), (-1, 2)) is var o ? [o.Item1, o.Item2] : []);
            case 6:
                return Sum(x, Layer2(x, isCoarse, depth));
            case 7 when x.Type.Shape[0].Value is { } n:
                IrValue wide = n % 2 == 0 ? x : _graph.Concat(x, Layer2Same(x));
                return wide.Type.Shape[0].Value % 2 == 0 ? _graph.Chunk(wide, 2)[_random.Next(2)] : wide;
            case 8:
                return _graph.Concat(x, Masked2(x, false));
            case 9 when depth == 0:
                return Loop(x, 2);
            case 10 or 11 when isCoarse:
                return CoarseAndBack(x);
            case 12:
                return _graph.Op(Access.Features, x.Type.Shape, x);
            default:
                return _graph.Pointwise(x);
        }
    }

    private IrValue Sum(IrValue a, IrValue b) => a.Type.Shape[0].Equals(b.Type.Shape[0]) || a.Type.Shape[0].Value == 1 || b.Type.Shape[0].Value == 1
        ? _graph.Pointwise(a, b)
        : _graph.Pointwise(a, _graph.MaskedConv(b, a.Type.Shape[0], _classes, false, Taps(1, 0), Taps(1, 0)));

    private IrValue Layer2Same(IrValue x) => _graph.MaskedConv(x, x.Type.Shape[0], _classes, false, Taps(3, 1), Taps(3, 1));

    private AxisTaps Axis(string kind)
    {
        int dilation = Chance(0.2) ? 2 : 1;
        int kernel = Next(1, 3);
        return kind switch
        {
            "down" => Taps(kernel, dilation * (kernel - 1), dilation: dilation),
            "right" => Taps(kernel, 0, dilation: dilation),
            _ => Taps(3, 1),
        };
    }

    // Factor 2 down, some layers there, and up again.
    private IrValue CoarseAndBack(IrValue x)
    {
        IrValue coarse = _graph.Conv(x, _classes, Coarser(), Coarser());
        for (int i = Next(0, 2); i > 0; i--)
        {
            coarse = _graph.Conv(coarse, _classes, Axis("down"), Axis(Pick("down", "same")));
        }

        IrValue up = _graph.Conv(coarse, _classes, Finer(), Finer());
        return Chance(0.5) && up.Type.Shape[0].Equals(x.Type.Shape[0]) ? _graph.Pointwise(up, x) : up;
    }

    private AxisTaps Coarser()
    {
        int kernel = Next(1, 3);
        return Taps(kernel, Next(0, kernel - 1), 2);
    }

    private AxisTaps Finer()
    {
        int kernel = Next(2, 4);
        return Taps(kernel, Chance(0.7) ? 0 : Next(0, kernel - 2), 2, true);
    }

    // One or two values through rounds that keep their shapes.
    private IrValue Loop(IrValue x, int axes)
    {
        Dim rounds = Size("rounds", Next(0, 3), minimum: 0);
        bool hasTwo = Chance(0.5);
        ImmutableArray<IrValue> initial = hasTwo ? [x, axes == 2 ? _graph.Shift(x, 1, 0) : _graph.Shift(x, 1)] : [x];
        return _graph.Loop(0, rounds, initial, (round, i) =>
        {
            IrValue Inside(IrValue v) => axes == 2
                ? _random.Next(4) switch
                {
                    0 => _graph.MaskedConv(v, v.Type.Shape[0], _classes, Chance(0.2), Taps(3, 1), Taps(3, 1)),
                    1 => _graph.Conv(v, v.Type.Shape[0], Axis("down"), Axis("same")),
                    2 => _graph.Shift(v, Pick((1L, 0L), (0, 1), (1, -1)) is var o ? [o.Item1, o.Item2] : []),
                    _ => _graph.Pointwise(v),
                }
                : _random.Next(3) switch
                {
                    0 => Dim.Power(2, i) is { } dilation ? _graph.Conv(v, v.Type.Shape[0], Taps(2, Chance(0.8) ? dilation : 0, dilation: dilation)) : v,
                    1 => _graph.Shift(v, Next(0, 1)),
                    _ => _graph.Conv(v, v.Type.Shape[0], Axis("down")),
                };
            IrValue first = Inside(round[0]);
            if (Chance(0.5))
            {
                first = _graph.Pointwise(first, round[0]);
            }

            return hasTwo ? Chance(0.3) ? [round[1], first] : [_graph.Pointwise(first, round[1]), Inside(round[1])] : [first];
        })[_random.Next(initial.Length)];
    }

    private void Line()
    {
        _classes = Pick(1, 1, 2);
        bool isSingle = _classes == 1 && Chance(0.3);
        Dim length = Size("t", Next(4, 12));
        Data = Root = isSingle ? Parameter(length) : Parameter(_classes, length);
        IrValue value = isSingle ? _graph.Embed(Data, 2) : Data;
        value = _random.Next(5) switch
        {
            0 => value,
            1 => _graph.MaskedConv(value, _classes, _classes, true, Taps(3, 1)),
            _ => _graph.Shift(value, Next(1, 3)),
        };
        for (int i = Next(1, 4); i > 0; i--)
        {
            value = Layer1(value, depth: 0);
        }

        Argument = isSingle ? _graph.Conv(value, Next(1, 2), Taps(1, 0)) : Final(value);
        if (isSingle && Argument.Type.Shape[0].Value == 1)
        {
            Argument = _graph.Reshape(Argument, length);
        }
    }

    private IrValue Layer1(IrValue x, int depth) => _random.Next(9) switch
    {
        0 or 1 => _graph.Conv(x, _classes * Next(1, 2), Axis("down")),
        2 => _graph.Conv(x, _classes, Axis(Pick("same", "right", "down"))),
        3 => _graph.Op(new ScanAccess(), x.Type.Shape, x),
        4 => _graph.MaskedConv(x, _classes * Next(1, 2), _classes, false, Taps(3, 1)),
        5 => _graph.Shift(x, Next(-1, 2)),
        6 when depth == 0 => Loop(x, 1),
        7 => _graph.Concat(x, _graph.Pointwise(x)),
        _ => _graph.Pointwise(x),
    };

    private void Variables()
    {
        Dim d = Size("d", Next(2, 9));
        Data = Root = Parameter(d);
        IrValue value = Data;
        for (int i = Next(0, 2); i > 0; i--)
        {
            value = _graph.Pointwise(_graph.Masked(value, Next(1, 12), d, strict: false));
        }

        int outs = Next(1, 3);
        value = _graph.Masked(value, outs * d, d, strict: Chance(0.85));
        Argument = _random.Next(3) switch
        {
            0 when outs > 1 => _graph.Chunk(value, outs)[_random.Next(outs)],
            1 => _graph.Reshape(value, outs, d),
            _ => value,
        };
    }

    // As many features as the law has parameters.
    private IrValue Final(IrValue value) => Chance(0.6)
        ? Root.Type.Shape.Length == 3
            ? _graph.MaskedConv(value, 2 * _classes, _classes, false, Taps(1, 0), Taps(1, 0))
            : _graph.MaskedConv(value, 2 * _classes, _classes, false, Taps(1, 0))
        : value.Type.Shape[0].Value % _classes == 0 ? value
        : Root.Type.Shape.Length == 3 ? _graph.Conv(value, _classes, Taps(1, 0), Taps(1, 0)) : _graph.Conv(value, _classes, Taps(1, 0));
}
