using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace GenDsl.Runtime;

/// <summary>Derives the <see cref="Schedule"/> of a plan from what its nodes read.</summary>
internal sealed class ScheduleBuilder
{
    private readonly SiteValue _root;
    private readonly HashSet<SiteValue> _parameters;
    private readonly SiteValue[] _nodes;
    private readonly ILookup<SiteValue, (SiteValue Reader, SiteRead Read)> _readers;
    private readonly Dictionary<int, SiteOffset> _leads = [];
    private readonly Dictionary<int, SiteOffset> _horizons = [];
    private readonly Dictionary<int, SiteValue> _cause = [];
    private readonly Dictionary<int, SiteGroup> _groupOf = [];

    private ScheduleBuilder(SiteValue root, IEnumerable<SiteValue> parameters)
    {
        _root = root;
        _parameters = [.. parameters];
        _nodes = Reached(root, _parameters);
        _readers = _nodes.SelectMany(node => node.Reads.Select(read => (node, read))).ToLookup(pair => pair.read.Input, pair => (pair.node, pair.read));
    }

    public static Schedule Build(SiteValue root, IEnumerable<SiteValue> parameters) => new ScheduleBuilder(root, parameters).Build();

    private Schedule Build()
    {
        FindLeads();
        FindHorizons();
        var groups = Groups();
        foreach (var group in groups)
        {
            foreach (var node in group.Nodes)
            {
                _groupOf[node.Index] = group;
            }
        }

        var offsets = _leads.Values.ToArray();
        var dependent = _nodes.Where(node => node.DependsOnRoot).ToArray();
        var ahead = groups.Select(group => Ceiling(group.Lead.Row)).DefaultIfEmpty(0).Max();
        return new Schedule
        {
            Constants = [.. _nodes.Where(node => !node.DependsOnRoot)],
            Groups = groups,
            Storage = _nodes.ToDictionary(node => node.Index, Storage),
            Leads = _leads,
            FirstRow = (int)-Math.Max(ahead, 0),
            RowScale = Multiple([.. offsets.Select(lead => lead.Row.Denominator), .. dependent.Select(node => node.Shape.RowRate.Denominator)]),
            ColumnScale = Multiple([.. offsets.Select(lead => lead.Column.Denominator), .. dependent.Select(node => node.Shape.ColumnRate.Denominator)]),
        };
    }

    private static SiteValue[] Reached(SiteValue root, IEnumerable<SiteValue> parameters)
    {
        var reached = new HashSet<SiteValue> { root };
        var pending = new Stack<SiteValue>(parameters);
        while (pending.TryPop(out var node))
        {
            if (reached.Add(node))
            {
                foreach (var read in node.Reads)
                {
                    pending.Push(read.Input);
                }
            }
        }

        // Nodes are numbered as they are made, and inputs are made first.
        return [.. reached.OrderBy(node => node.Index)];
    }

    private void FindLeads()
    {
        foreach (var node in _nodes.Where(node => node.DependsOnRoot).Reverse())
        {
            SiteOffset? lead = _parameters.Contains(node) ? default(SiteOffset) : null;
            foreach (var (reader, read) in _readers[node])
            {
                var wanted = _leads[reader.Index] + read.Last;
                if (lead is null || wanted.CompareTo(lead.Value) > 0)
                {
                    lead = wanted;
                    _cause[node.Index] = reader;
                }
            }

            if (lead is { } found)
            {
                _leads[node.Index] = found;
            }
        }

        if (_leads.TryGetValue(_root.Index, out var ahead) && ahead.CompareTo(default) >= 0)
        {
            throw new InvalidOperationException(
                $"Internal error of GenDsl: the sampler would read what is not drawn yet. What {Path()} reads of the root reaches {ahead} (rows, columns, classes) from the place that is drawn.");
        }
    }

    private string Path()
    {
        List<string> names = [];
        for (var node = _root; _cause.TryGetValue(node.Index, out var reader); node = reader)
        {
            names.Add(reader.Name);
        }

        return names.Count == 0 ? "the distribution" : string.Join(" -> ", names.Select(name => $"'{name}'"));
    }

    private void FindHorizons()
    {
        foreach (var node in _nodes.Where(node => node.DependsOnRoot))
        {
            _horizons[node.Index] = node == _root
                ? default
                : node.Reads.Where(read => read.Input.DependsOnRoot).Select(read => _horizons[read.Input.Index] + read.Last).Aggregate(SiteOffset.Max);
        }
    }

    private List<SiteGroup> Groups()
    {
        var waiting = _nodes.Where(node => node.DependsOnRoot && node != _root).ToList();
        var done = new HashSet<SiteValue>(_nodes.Where(node => !node.DependsOnRoot)) { _root };
        var missing = waiting.ToDictionary(node => node, node => node.Reads.Select(read => read.Input).Where(input => !done.Contains(input)).Distinct().Count());
        var ready = new SortedSet<(bool ByCell, int Index)>(waiting.Where(node => missing[node] == 0).Select(Rank));
        List<SiteGroup> groups = [];
        while (ready.Count > 0)
        {
            var first = _root.Plan.Values[ready.Min.Index];
            var key = Key(first);
            List<SiteValue> members = [];

            // As many as are due at the same time before another kind has its turn.
            for (SiteValue? next = first; next is not null; next = Next(ready, key))
            {
                ready.Remove(Rank(next));
                members.Add(next);
                foreach (var reader in _readers[next].Select(pair => pair.Reader).Distinct())
                {
                    if (--missing[reader] == 0)
                    {
                        ready.Add(Rank(reader));
                    }
                }
            }

            groups.Add(new SiteGroup { Index = groups.Count, Nodes = members, IsByRow = IsByRow(first), Lead = _leads[first.Index] });
        }

        return groups;
    }

    private SiteValue? Next(SortedSet<(bool ByCell, int Index)> ready, object key)
    {
        foreach (var (_, index) in ready)
        {
            if (Key(_root.Plan.Values[index]).Equals(key))
            {
                return _root.Plan.Values[index];
            }
        }

        return null;
    }

    private (bool ByCell, int Index) Rank(SiteValue node) => (!IsByRow(node), node.Index);

    private object Key(SiteValue node)
    {
        var lead = _leads[node.Index];
        var isByRow = IsByRow(node);
        return (isByRow, isByRow ? new SiteOffset(lead.Row, 0, 0) : lead, node.Shape.Rows, node.Shape.Columns, node.Shape.RowRate, node.Shape.ColumnRate, node.Grading?.Classes ?? 0);
    }

    private bool IsByRow(SiteValue node) => (_horizons[node.Index].Row + _leads[node.Index].Row).CompareTo(-1) <= 0;

    private SiteStorage Storage(SiteValue node)
    {
        int left = 0, right = 0;
        foreach (var (reader, read) in _readers[node])
        {
            if (!read.IsOwn)
            {
                left = Math.Max(left, (int)-read.First.Column);
                right = Math.Max(right, (int)(((reader.Shape.Columns - 1) * read.Step.Column / read.Factor.Column) + read.LastColumn - (node.Shape.Columns - 1)));
            }
        }

        if (!node.DependsOnRoot || node == _root)
        {
            return new SiteStorage(node.Shape.Rows, left, right);
        }

        var group = _groupOf[node.Index];
        var isTransient = !_parameters.Contains(node) && _readers[node].All(pair => pair.Read.IsOwn && _groupOf[pair.Reader.Index] == group);
        return isTransient ? default : new SiteStorage((int)Math.Clamp(Window(node), 1, node.Shape.Rows), left, right);
    }

    // From the oldest row that any pending reader needs to the newest row computed, whatever row is drawn.
    private long Window(SiteValue node)
    {
        var readers = _readers[node].ToArray();
        var period = Multiple([.. readers.Select(pair => pair.Reader.Shape.RowRate.Numerator), node.Shape.RowRate.Numerator]);
        var start = period * (1 + readers.Select(pair => Math.Abs(Ceiling(_leads[pair.Reader.Index].Row)) + 2).DefaultIfEmpty(0).Max());
        long window = 1;
        for (var row = start; row < start + period; row++)
        {
            var newest = Floor((row + _leads[node.Index].Row) / node.Shape.RowRate);
            if (_parameters.Contains(node))
            {
                window = Math.Max(window, newest - row + 1);
            }

            foreach (var (reader, read) in readers)
            {
                window = Math.Max(window, newest - read.OldestRow(Pending(reader, row)) + 1);
            }
        }

        return window;
    }

    // The first row of a node that may still be due when the drawing of a row starts.
    private long Pending(SiteValue node, long row)
    {
        var lead = _leads[node.Index];
        var reached = (row - 1 + lead.Row) / node.Shape.RowRate;
        var isComplete = IsByRow(node) || (lead with { Row = 0 }).CompareTo(default) >= 0;
        return isComplete ? Floor(reached) + 1 : Ceiling(reached);
    }

    private static long Floor(Rational value) => (long)Math.Floor((decimal)value.Numerator / value.Denominator);

    private static long Ceiling(Rational value) => (long)Math.Ceiling((decimal)value.Numerator / value.Denominator);

    private static long Multiple(IEnumerable<long> numbers) =>
        numbers.Aggregate(1L, (a, b) => a / (long)BigInteger.GreatestCommonDivisor(a, b) * b);
}
