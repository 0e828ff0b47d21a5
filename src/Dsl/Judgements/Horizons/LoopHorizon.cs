using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ir.Horizons;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Judgements.Horizons;

/// <summary>
/// Loops: a round maps the leads of the m values that live through it by sums and maxima. After m rounds every way without
/// a cycle is seen, so a lead that then still grows has no limit on the axis on which it grows.
/// </summary>
/// <param name="walk">Walks the statements of a round.</param>
internal sealed class LoopHorizon(Action<IrBlock, Dictionary<IrValue, Horizon>, SizeFrame> walk)
{
    // A loop of a number of rounds that is written down is what its rounds are, one by one.
    private const int MostRounds = 16;

    private int _loops;

    public void Walk(IrFor loop, Dictionary<IrValue, Horizon> values, SizeFrame frame, DrawOrder order)
    {
        Dim from = frame.Of(loop.Index.From);
        Dim to = frame.Of(loop.Index.To);
        if (from.Value is { } first && to.Value is { } end && end - first <= MostRounds)
        {
            RoundByRound(loop, values, frame, order, first, end);
            return;
        }

        // An index of its own: the callee of a call in a round may have a loop of the same name.
        var index = new DimVariable($"{loop.Index.Variable.Name}#{(++_loops).ToString(CultureInfo.InvariantCulture)}", DimVariableKind.Index, from.LowerBound ?? 0);
        SizeFrame round = frame.Round(loop.Index, Dim.Of(index));
        ImmutableArray<ImmutableArray<Dim>> shapes = [.. loop.Carried.Select(c => frame.Of(c.Round.Type.Shape))];
        Horizon[] start = [.. loop.Carried.Select(c => values.TryGetValue(c.Initial, out Horizon? known) ? known : Horizon.None(order))];
        Horizon[] state = start;
        Horizon[] next = state;

        // Each widening opens an axis of a value for good; what has not settled by then depends on everything.
        int most = (loop.Carried.Length + 1) * (loop.Carried.Length + 2) * (order.Axes + 2);
        for (int pass = 1; ; pass++)
        {
            Dictionary<IrValue, Horizon> inside = new(values);
            for (int i = 0; i < state.Length; i++)
            {
                inside[loop.Carried[i].Round] = state[i];
            }

            walk(loop.Body, inside, round);
            next = [.. loop.Carried.Select(c => Supremum(inside.TryGetValue(c.Next, out Horizon? known) ? known : Horizon.None(order), index, from, to))];
            if (state.Zip(next, IsWithin).All(w => w))
            {
                break;
            }

            bool mayGrow = pass % (loop.Carried.Length + 1) != 0;
            state = [.. state.Select((old, i) => IsWithin(old, next[i]) ? old : pass > most ? Horizon.Join(old, next[i], shapes[i]).Full() : mayGrow ? Horizon.Join(old, next[i], shapes[i]) : Widened(old, next[i], shapes[i]))];
        }

        bool isSure = (to - from).LowerBound >= 1;
        for (int i = 0; i < state.Length; i++)
        {
            values[loop.Carried[i].Result] = isSure ? next[i] : state[i];
        }
    }

    private void RoundByRound(IrFor loop, Dictionary<IrValue, Horizon> values, SizeFrame frame, DrawOrder order, long first, long end)
    {
        Horizon[] state = [.. loop.Carried.Select(c => values.TryGetValue(c.Initial, out Horizon? known) ? known : Horizon.None(order))];
        for (long i = first; i < end; i++)
        {
            Dictionary<IrValue, Horizon> inside = new(values);
            for (int k = 0; k < state.Length; k++)
            {
                inside[loop.Carried[k].Round] = state[k];
            }

            walk(loop.Body, inside, frame.Round(loop.Index, i));
            state = [.. loop.Carried.Select(c => inside.TryGetValue(c.Next, out Horizon? known) ? known : Horizon.None(order))];
        }

        for (int k = 0; k < state.Length; k++)
        {
            values[loop.Carried[k].Result] = state[k];
        }
    }

    // Nothing to add: no lead that is not covered, no carrier that differs.
    private static bool IsWithin(Horizon old, Horizon next) => next.IsNone
        || (!old.IsNone && old.Order.Equals(next.Order) && next.Candidates.All(n => old.Candidates.Any(o => n.Lead.IsAtMost(o.Lead)))
            && old.Carriers.Zip(next.Carriers, (o, n) => o is null || o.Equals(n)).All(same => same));

    private static Horizon Widened(Horizon old, Horizon next, ImmutableArray<Dim> shape) => old.IsNone || !old.Order.Equals(next.Order)
        ? Horizon.Join(old, next, shape)
        : Horizon.Join(old, next.Map(n => Widened(old, n)), shape);

    // No limit from the axis on which the nearest of the old leads is exceeded.
    private static Candidate Widened(Horizon old, Candidate next)
    {
        (Candidate nearest, int axis) = old.Candidates.Select(o => (o, next.Lead.FirstAbove(o.Lead))).OrderByDescending(o => o.Item2).First();
        if (axis == next.Lead.Components.Length || next.Last is null)
        {
            return next;
        }

        Lead open = nearest.Lead.OpenFrom(axis);
        return new Candidate(open, next.Last with { After = open, IsRepeated = true });
    }

    // The largest over all rounds, where a component grows or shrinks with the index throughout.
    private static Horizon Supremum(Horizon horizon, DimVariable index, Dim from, Dim to)
    {
        Ratio? Largest(Ratio component)
        {
            if (!component.Variables.Any(v => v.Name == index.Name))
            {
                return component;
            }

            Ratio At(Dim value) => component.Map(d => d.Substitute(v => v.Name == index.Name ? value : null));
            Ratio later = At(Dim.Of(index) + 1);
            return component.IsAtMost(later) ? At(to - 1) : later.IsAtMost(component) ? At(from) : null;
        }

        return horizon.Map(c => c with { Lead = c.Lead.Map(Largest) })
            .On(horizon.Carriers.Select(c => c is not null && (c.Rate?.Variables ?? c.Classes?.Variables ?? []).Any(v => v.Name == index.Name) ? null : c));
    }
}
