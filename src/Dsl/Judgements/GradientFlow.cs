using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Judgements;

/// <summary>
/// Which parameters each objective reaches, which operations must record a graph for it, which calls learn, and that no
/// backward pass reads a weight that has moved since its forward pass.
/// </summary>
public sealed partial class GradientFlow
{
    private readonly IrTrainer _trainer;
    private readonly GenSource _source;
    private readonly Action<TextSpan, Func<DiagnosticBuilder, GenDiagnostic>> _report;
    private readonly Dictionary<IrValue, ImmutableHashSet<LearnedPlace>> _reached = [];
    private readonly Dictionary<IrValue, ImmutableHashSet<LearnedPlace>> _touched = [];
    private readonly Dictionary<IrOp, Action> _keepsGraphOf = [];
    private readonly Dictionary<IrOp, (object By, int Round)> _recordedFor = [];
    private readonly FunctionFlow _gradients = new(throughCuts: false);
    private readonly FunctionFlow _values = new(throughCuts: true);

    // A body that runs again reads the graphs of what stands before it again.
    private int _round;

    private GradientFlow(IrTrainer trainer, GenSource source, Action<TextSpan, Func<DiagnosticBuilder, GenDiagnostic>> report) =>
        (_trainer, _source, _report) = (trainer, source, report);

    /// <summary>Judges a trainer and marks the operations of its step.</summary>
    public static void Check(IrTrainer trainer, GenSource source, Action<TextSpan, Func<DiagnosticBuilder, GenDiagnostic>> report)
    {
        var flow = new GradientFlow(trainer, source, report);
        foreach (IrBlock step in trainer.Steps)
        {
            flow.Walk(step);
        }

        if (trainer.Optimizers.Count > 0)
        {
            IdleParts.Check(trainer, report);
        }
    }

    private void Walk(IrBlock block)
    {
        _round++;
        foreach (IrStatement statement in block.Statements)
        {
            switch (statement)
            {
                case IrOpStatement { Op: { } op }:
                    _recordedFor.Remove(op);
                    if (op.Called is not null || op is WeightFigureOp)
                    {
                        Computed(op);
                    }

                    if (op is GradOp grad)
                    {
                        Gradient(grad);
                    }

                    break;
                case IrFor loop:
                    Loop(loop);
                    break;
                case IrRepeat { Accumulates: true } rounds:
                    Accumulate(rounds);
                    break;
                case IrRepeat repeat:
                    // The second round sees what the first has moved.
                    Walk(repeat.Body);
                    Walk(repeat.Body);
                    break;
                case IrEvery every:
                    Walk(every.Body);
                    break;
                case IrMinimize minimize:
                    Minimize(minimize);
                    break;
            }
        }
    }

    private void Minimize(IrMinimize minimize)
    {
        ImmutableHashSet<LearnedPlace> reached = Reached(minimize.Objective);
        bool isSilent = DependsOnNone(minimize.Objective);
        foreach ((IrPart target, TextSpan span) in minimize.Moves.SelectMany(m => m.Targets.Zip(m.Spans, (t, s) => (t, s))))
        {
            if (isSilent)
            {
                // What is missing is the gradient, and that is reported.
            }
            else if (!target.Places.Any(reached.Contains))
            {
                _report(span, b => target.Places.Any(Touched(minimize.Objective).Contains)
                    ? b.ObjectiveOnlyThroughStop(target.Name, "'stop', a draw or a history")
                    : b.ObjectiveMissesTarget(target.Name, Names(reached, target.Net)));
            }
            else if (!Surely(minimize.Objective, target, []))
            {
                _report(span, b => b.ObjectiveMayMissTarget(target.Name));
            }
        }

        Record(minimize, minimize.Objective, [.. minimize.Targets.SelectMany(t => t.Places)], [], null);
        Moved(minimize);
    }

    // Other nets by their names; of the net whose part is missed, what is reached instead.
    private static IReadOnlyList<string> Names(IEnumerable<LearnedPlace> reached, ModuleInstance net) =>
        [.. reached.Select(p => ReferenceEquals(p.Net, net) ? net.Name + "." + p.Path.Split('.')[0] : p.Net.Name).Distinct().OrderBy(n => n, StringComparer.Ordinal)];

    // Marks the paths from the objective to the targets.
    private void Record(IrMinimize minimize, IrValue value, HashSet<LearnedPlace> targets, HashSet<(IrValue, Carrying?)> seen, Carrying? carrying)
    {
        if (!seen.Add((value, carrying)) || !Reached(value).Overlaps(targets))
        {
            return;
        }

        if (value.Producer is { } op)
        {
            RecordedFor(op, minimize, () => minimize.KeepsGraph = true);
            if (op is ModelOp { Query: ModelQuery.Iwae, Module.Module: IrModel { RelaxedLatent: ({ } latent, { } law) } })
            {
                _report(op.Span, b => b.RelaxedObjective(latent, law, "iwae"));
            }

            if (op.Called is { } module)
            {
                op.Learns.AddRange(op is InvokeOp { IsSilent: true } ? [] : minimize.Targets.Where(t => t.Places.Intersect(_gradients.Places(value)).Any() && !op.Learns.Contains(t)));

                NotMovedSince(value, op, module, minimize.Span, carrying);
            }

            if (op is WeightFigureOp figure)
            {
                NotMovedSince(value, op, figure.Nets[0], minimize.Span, carrying);
            }

            if (op is GradOp grad)
            {
                Twice(grad, minimize);
            }
        }

        foreach (IrValue source in _gradients.Sources(value))
        {
            Record(minimize, source, targets, seen, Through(value, source, carrying));
        }
    }

    // The last backward pass through a graph frees it.
    private void RecordedFor(IrOp op, object reader, Action keepGraph)
    {
        op.IsRecorded = true;
        if (_recordedFor.TryGetValue(op, out (object By, int Round) earlier) && earlier != (reader, _round))
        {
            _keepsGraphOf[op]();
        }

        (_recordedFor[op], _keepsGraphOf[op]) = ((reader, _round), keepGraph);
    }

    // True where a value depends on a net whatever number of rounds its loops run: all that it may be must depend on it.
    private bool Surely(IrValue value, IrPart target, HashSet<IrValue> open)
    {
        if (!open.Add(value))
        {
            return true;
        }

        if (value.Producer is null && value.MergedFrom.Count > 0)
        {
            return value.MergedFrom.TrueForAll(v => Surely(v, target, open));
        }

        return _gradients.Places(value).Any(target.Places.Contains)
            || _gradients.Sources(value).Any(v => Surely(v, target, [.. open]));
    }

    private ImmutableHashSet<LearnedPlace> Reached(IrValue value) => Collect(value, _reached, _gradients);

    private ImmutableHashSet<LearnedPlace> Touched(IrValue value) => Collect(value, _touched, _values);

    // The nets whose parameters a value depends on. Loop-carried values depend on themselves, so each value is walked by itself.
    private static ImmutableHashSet<LearnedPlace> Collect(IrValue root, Dictionary<IrValue, ImmutableHashSet<LearnedPlace>> known, FunctionFlow flow)
    {
        if (known.TryGetValue(root, out ImmutableHashSet<LearnedPlace>? set))
        {
            return set;
        }

        ImmutableHashSet<LearnedPlace>.Builder found = ImmutableHashSet.CreateBuilder<LearnedPlace>();
        var seen = new HashSet<IrValue> { root };
        var open = new Stack<IrValue>([root]);
        while (open.Count > 0)
        {
            IrValue value = open.Pop();
            found.UnionWith(flow.Places(value));
            foreach (IrValue source in flow.Sources(value).Where(seen.Add))
            {
                open.Push(source);
            }
        }

        return known[root] = found.ToImmutable();
    }
}
