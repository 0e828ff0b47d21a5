using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace GenDsl.Integration.Tests.Flows;

/// <summary>A random flow of up to six numbers, of which about half can be undone.</summary>
internal sealed class RandomFlow
{
    private readonly Random _random;
    private readonly List<(string Name, int Size)> _values = [];
    private readonly Dictionary<string, int> _places = new() { ["x"] = 0 };
    private int _layers;
    private int _names;

    public RandomFlow(int seed)
    {
        _random = new Random(seed);
        Size = 2 * _random.Next(1, 4);
        _places["x"] = Size;
        if (_random.Next(4) > 0)
        {
            Part();
        }

        int updates = _random.Next(2, 7);
        while (updates > 0)
        {
            int what = _random.Next(20);
            if (what < 5)
            {
                string name = "s" + _names++.ToString(CultureInfo.InvariantCulture);
                int size = _random.Next(3) > 0 ? Size : Size / 2;
                FlowExpression value = Expression(size, 2);
                Statements.Add(new FlowStatement(name, "=", value));
                _values.Add((name, size));
                continue;
            }

            updates--;
            if (what < 6)
            {
                Part();
            }
            else if (what < 7)
            {
                Statements.Add(new FlowStatement(_random.Next(2) == 0 ? "x" : Place(packed: true), _random.Next(2) == 0 ? "reverse" : "affine", null));
            }
            else
            {
                string place = Place(packed: false);
                string op = "+-*/"[_random.Next(4)].ToString();
                FlowExpression operand = Expression(_places[place], 2, like: place);
                Statements.Add(new FlowStatement(place, op, op is "*" or "/" ? new FlowExpression(new[] { "factor", "negative", "softplus" }[_random.Next(3)], operand.Size, operand) : operand));
            }
        }
    }

    /// <summary>How many numbers.</summary>
    public int Size { get; }

    public List<FlowStatement> Statements { get; } = [];

    /// <summary>All layers with weights, in the order of the text.</summary>
    public IReadOnlyList<FlowExpression> Layers => [.. Statements.SelectMany(s => s.Operand?.Layers ?? [])];

    public override string ToString() => $"gen 1\nflow F(x: [{Size.ToString(CultureInfo.InvariantCulture)}]) {{\n{string.Concat(Statements.Select(s => $"    {s}\n"))}}}\n";

    // Parts of an earlier partition stay in use: the data are parted again where they are named.
    private void Part()
    {
        (string first, string second) = ("a" + _names.ToString(CultureInfo.InvariantCulture), "b" + _names++.ToString(CultureInfo.InvariantCulture));
        bool packed = _random.Next(2) == 0;
        Statements.Add(new FlowStatement(first, packed ? "halves" : "channels", null) { Second = second, Parity = _random.Next(2) });
        (_places[first], _places[second]) = packed ? (Size / 2, Size / 2) : (Size, Size);
        if (!packed)
        {
            _masked.Add(first);
            _masked.Add(second);
        }
    }

    private readonly HashSet<string> _masked = [];

    // The latest places most, for a flow that jumps between partitions is full of reads of everything.
    private string Place(bool packed)
    {
        List<string> all = [.. _places.Keys.Where(p => !packed || !_masked.Contains(p))];
        return _random.Next(3) > 0 ? all[Math.Max(0, all.Count - 1 - _random.Next(2))] : all[_random.Next(all.Count)];
    }

    private FlowExpression Expression(int size, int depth, string like = "")
    {
        int what = _random.Next(depth == 0 ? 2 : 12);
        switch (what)
        {
            case < 2:
                return Leaf(size, like);
            case < 4:
                return new FlowExpression(_random.Next(2) == 0 ? "tanh" : "sigmoid", size, Expression(size, depth - 1, like));
            case 4:
                return new FlowExpression(_random.Next(2) == 0 ? "+" : "*", size, Expression(size, depth - 1, like), Expression(size, depth - 1, like));
            case < 7:
                FlowExpression before = Leaf(0, like);
                return new FlowExpression("linear", size, before) { Layer = _layers++ };
            case < 10:
                FlowExpression past = Expression(size, depth - 1, like);
                return new FlowExpression("past", size, past) { Layer = _layers++ };
            case 10:
                return new FlowExpression(new[] { "delay", "delay", "delay2", "reverse" }[_random.Next(4)], size, Expression(size, depth - 1, like));
            default:
                FlowExpression own = Expression(size, depth - 1, like);
                return new FlowExpression("own", size, own) { Layer = _layers++ };
        }
    }

    // A place or value; of any size where 0 is asked for. The other part rather than the updated one, which a coupling may read.
    private FlowExpression Leaf(int size, string avoided)
    {
        List<(string Name, int Size)> all = [.. _places.Select(p => (p.Key, p.Value)).Where(p => p.Key != "x" || _places.Count == 1 || _random.Next(3) == 0), .. _values, .. _values];
        List<(string Name, int Size)> fit = [.. all.Where(v => size == 0 || v.Size == size)];
        List<(string Name, int Size)> others = [.. fit.Where(v => v.Name != avoided)];
        if (others.Count > 0 && _random.Next(4) > 0)
        {
            fit = others;
        }

        if (fit.Count == 0)
        {
            FlowExpression whole = new("read", Size) { Name = "x" };
            return size == Size ? whole : new FlowExpression("linear", size, whole) { Layer = _layers++ };
        }

        (string name, int found) = fit[_random.Next(fit.Count)];
        return new FlowExpression("read", found) { Name = name };
    }
}
