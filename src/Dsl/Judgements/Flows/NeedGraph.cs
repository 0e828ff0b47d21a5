using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ir.Horizons;
using GenDsl.Dsl.Judgements.Horizons;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Judgements.Flows;

/// <summary>How far a need looks: at what comes before its own place, at its own place too, or anywhere.</summary>
internal enum Reach
{
    Past,
    Own,
    Anywhere,
}

/// <summary>To recover one version of the data, another is needed.</summary>
/// <param name="Version">What is needed.</param>
/// <param name="Reach">How far.</param>
/// <param name="Step">The step that is undone.</param>
/// <param name="IsOperand">True where the step reads it; false where the step made it.</param>
internal sealed record Need(IrValue Version, Reach Reach, ChartStep Step, bool IsOperand)
{
    /// <summary>True where the site axes alone put what is read into the past, so that the channels of a site are recovered together.</summary>
    public bool IsPastBySites { get; init; }

    /// <summary>What of it is not past, with the way it came by; null where it is, or where nothing is known of the way.</summary>
    public Candidate? Open { get; init; }
}

/// <summary>
/// Which versions it takes to recover which: a version needs what its step made of it, and what the step reads. Steps can be
/// undone if every cycle lies strictly in the past; the components in order are the inverse.
/// </summary>
internal sealed class NeedGraph
{
    private readonly Dictionary<IrValue, List<Need>> _needs = [];
    private readonly Dictionary<IrValue, ChartStep> _consumers = [];

    /// <param name="chart">The steps.</param>
    /// <param name="steps">Those of them that count.</param>
    /// <param name="reads">What else takes part: the versions that the law of a part reads.</param>
    public NeedGraph(Chart chart, IEnumerable<ChartStep> steps, IEnumerable<(IrValue Part, IEnumerable<IrValue> Reads)>? reads = null)
    {
        foreach (ChartStep step in steps)
        {
            HashSet<IrValue> operands = ValueSources.Of(step.Operands, chart.Has);
            foreach (IrValue from in step.From)
            {
                _consumers[from] = step;
                List<Need> needs = Of(from);
                needs.AddRange(step.To.Select(t => new Need(t, step.KeepsPlaces ? Reach.Own : Reach.Anywhere, step, false)));
                needs.AddRange(operands.Select(o => new Need(o, Reach.Anywhere, step, true)));
            }
        }

        foreach ((IrValue part, IEnumerable<IrValue> read) in reads ?? [])
        {
            Of(part).AddRange(read.Select(r => new Need(r, Reach.Anywhere, null!, true)));
        }

        Components = new Tarjan(_needs).Run([.. chart.Sources.Where(_needs.ContainsKey), .. _needs.Keys]);
        foreach (ImmutableArray<IrValue> cycle in Components.Where(IsCycle))
        {
            Weigh(chart, cycle);
        }
    }

    /// <summary>Versions that are recovered together, each behind what it needs.</summary>
    public ImmutableArray<ImmutableArray<IrValue>> Components { get; }

    /// <summary>The step that a version went into; null for the last versions.</summary>
    public ChartStep? ConsumerOf(IrValue version) => _consumers.TryGetValue(version, out ChartStep? step) ? step : null;

    /// <summary>What a version needs.</summary>
    public IReadOnlyList<Need> NeedsOf(IrValue version) => _needs.TryGetValue(version, out List<Need>? needs) ? needs : [];

    /// <summary>True where the versions of a component need each other.</summary>
    public bool IsCycle(ImmutableArray<IrValue> component) => component.Length > 1 || NeedsOf(component[0]).Any(n => ReferenceEquals(n.Version, component[0]));

    /// <summary>A cycle that does not lie in the past, as the needs that it runs through; null where there is none.</summary>
    public IReadOnlyList<Need>? Offence()
    {
        foreach (ImmutableArray<IrValue> component in Components.Where(IsCycle))
        {
            HashSet<IrValue> members = [.. component];
            foreach (IrValue version in component)
            {
                if (NeedsOf(version).FirstOrDefault(n => n.Reach == Reach.Anywhere && members.Contains(n.Version)) is { } open)
                {
                    return [open, .. Way(open.Version, version, members, _ => true)];
                }
            }

            foreach (IrValue version in component)
            {
                foreach (Need need in NeedsOf(version).Where(n => n.Reach == Reach.Own && members.Contains(n.Version)))
                {
                    if (ReferenceEquals(need.Version, version))
                    {
                        return [need];
                    }

                    IReadOnlyList<Need> way = Way(need.Version, version, members, n => n.Reach == Reach.Own);
                    if (way.Count > 0)
                    {
                        return [need, .. way];
                    }
                }
            }
        }

        return null;
    }

    /// <summary>The versions of a cycle in an order in which each follows what it needs at its own place.</summary>
    public ImmutableArray<IrValue> InOrder(ImmutableArray<IrValue> component)
    {
        HashSet<IrValue> open = [.. component];
        ImmutableArray<IrValue>.Builder ordered = ImmutableArray.CreateBuilder<IrValue>();
        while (open.Count > 0)
        {
            IrValue next = component.First(v => open.Contains(v) && NeedsOf(v).All(n => n.Reach == Reach.Past || !open.Contains(n.Version)));
            open.Remove(next);
            ordered.Add(next);
        }

        return ordered.ToImmutable();
    }

    private List<Need> Of(IrValue version)
    {
        if (!_needs.TryGetValue(version, out List<Need>? needs))
        {
            _needs[version] = needs = [];
        }

        return needs;
    }

    // The shortest way of needs from one version to another; empty where there is none.
    private IReadOnlyList<Need> Way(IrValue from, IrValue to, HashSet<IrValue> members, Func<Need, bool> isUsed)
    {
        if (ReferenceEquals(from, to))
        {
            return [];
        }

        var before = new Dictionary<IrValue, (IrValue Version, Need Need)>();
        var open = new Queue<IrValue>([from]);
        while (open.Count > 0 && !before.ContainsKey(to))
        {
            IrValue at = open.Dequeue();
            foreach (Need need in NeedsOf(at).Where(n => members.Contains(n.Version) && isUsed(n) && !before.ContainsKey(n.Version)))
            {
                before[need.Version] = (at, need);
                open.Enqueue(need.Version);
            }
        }

        var way = new List<Need>();
        for (IrValue at = to; before.TryGetValue(at, out (IrValue Version, Need Need) step) && way.Count <= members.Count;)
        {
            way.Insert(0, step.Need);
            at = step.Version;
            if (ReferenceEquals(at, from))
            {
                return way;
            }
        }

        return [];
    }

    // Only inside cycles it matters how far a step looks.
    private void Weigh(Chart chart, ImmutableArray<IrValue> cycle)
    {
        HashSet<IrValue> members = [.. cycle];
        foreach (IrValue version in cycle)
        {
            List<Need> needs = Of(version);
            for (int i = 0; i < needs.Count; i++)
            {
                if (needs[i] is { IsOperand: true, Step: UpdateStep { Operand.Tensor: { } operand } } need && members.Contains(need.Version))
                {
                    needs[i] = Weighed(chart, need, version, operand);
                }
            }
        }
    }

    private static Need Weighed(Chart chart, Need need, IrValue target, IrValue operand)
    {
        ImmutableArray<Dim> shape = target.Type.Shape;
        if (!need.Version.Type.SameShape(target.Type))
        {
            return need;
        }

        DrawOrder order = DrawOrder.Of(shape, channelsAreEvent: false);
        Dictionary<IrValue, Horizon> known = [];
        foreach (IrValue version in chart.Sources.Concat(chart.Steps.SelectMany(s => s.To)))
        {
            known[version] = Horizon.None(order);
        }

        known[need.Version] = Horizon.Root(order, shape);
        IReadOnlyDictionary<IrValue, Horizon> values = HorizonAnalysis.Of(order, chart.Block, known, SizeFrame.Symbolic);
        Horizon seen = values.TryGetValue(operand, out Horizon? found) ? found : Horizon.None(order);
        Horizon placed = Law.Of(seen, operand.Type.Shape, order, shape);
        Lead own = Lead.Zero(order.Axes);
        return need with
        {
            Reach = placed.Leads.All(l => l.IsPast) ? Reach.Past : placed.Leads.All(l => l.IsAtMost(own)) ? Reach.Own : Reach.Anywhere,
            Open = placed.Candidates.FirstOrDefault(c => !c.Lead.IsPast),
            IsPastBySites = placed.Leads.All(l => l.IsPastOn(order.Sites)),
        };
    }

    // Strongly connected components, each behind those it leads to.
    private sealed class Tarjan(Dictionary<IrValue, List<Need>> needs)
    {
        private readonly Dictionary<IrValue, int> _index = [];
        private readonly Dictionary<IrValue, int> _low = [];
        private readonly Stack<IrValue> _stack = new();
        private readonly HashSet<IrValue> _onStack = [];
        private readonly List<ImmutableArray<IrValue>> _found = [];

        public ImmutableArray<ImmutableArray<IrValue>> Run(IEnumerable<IrValue> versions)
        {
            foreach (IrValue version in versions.Where(v => !_index.ContainsKey(v)))
            {
                if (!_index.ContainsKey(version))
                {
                    Visit(version);
                }
            }

            return [.. _found];
        }

        private void Visit(IrValue version)
        {
            _index[version] = _low[version] = _index.Count;
            _stack.Push(version);
            _onStack.Add(version);
            foreach (Need need in needs.TryGetValue(version, out List<Need>? own) ? own : [])
            {
                if (!_index.ContainsKey(need.Version))
                {
                    Visit(need.Version);
                    _low[version] = Math.Min(_low[version], _low[need.Version]);
                }
                else if (_onStack.Contains(need.Version))
                {
                    _low[version] = Math.Min(_low[version], _index[need.Version]);
                }
            }

            if (_low[version] != _index[version])
            {
                return;
            }

            ImmutableArray<IrValue>.Builder component = ImmutableArray.CreateBuilder<IrValue>();
            IrValue member;
            do
            {
                member = _stack.Pop();
                _onStack.Remove(member);
                component.Add(member);
            }
            while (!ReferenceEquals(member, version));
            _found.Add(component.ToImmutable());
        }
    }
}
