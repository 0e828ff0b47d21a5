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
public sealed class GradientFlow
{
    private readonly IrTrainer _trainer;
    private readonly GenSource _source;
    private readonly Action<TextSpan, Func<DiagnosticBuilder, GenDiagnostic>> _report;
    private readonly Dictionary<IrValue, ImmutableHashSet<ModuleInstance>> _reached = [];
    private readonly Dictionary<IrValue, ImmutableHashSet<ModuleInstance>> _touched = [];
    private readonly Dictionary<ModuleInstance, (int Moves, TextSpan Last)> _moves = [];
    private readonly Dictionary<IrOp, int> _computedAt = [];
    private readonly Dictionary<IrOp, IrMinimize> _recordedFor = [];
    private readonly FunctionFlow _gradients = new(throughCuts: false);
    private readonly FunctionFlow _values = new(throughCuts: true);

    private GradientFlow(IrTrainer trainer, GenSource source, Action<TextSpan, Func<DiagnosticBuilder, GenDiagnostic>> report) =>
        (_trainer, _source, _report) = (trainer, source, report);

    /// <summary>Judges a trainer and marks the operations of its step.</summary>
    public static void Check(IrTrainer trainer, GenSource source, Action<TextSpan, Func<DiagnosticBuilder, GenDiagnostic>> report)
    {
        var flow = new GradientFlow(trainer, source, report);
        flow.Walk(trainer.Step);
        if (trainer.Optimizers.Count > 0)
        {
            flow.FindIdle();
        }
    }

    private void FindIdle()
    {
        HashSet<ModuleInstance> moved = [.. _trainer.Optimizers.SelectMany(o => o.Targets)];
        foreach (ModuleInstance net in _trainer.Children.Where(c => c.HasParameters && c.AverageOf is null && !moved.Contains(c)))
        {
            _report(net.Span, b => b.NobodyMoves(net.Name));
        }
    }

    private void Walk(IrBlock block)
    {
        foreach (IrStatement statement in block.Statements)
        {
            switch (statement)
            {
                case IrOpStatement { Op: { } op }:
                    if (ModuleOf(op) is { } module)
                    {
                        _computedAt[op] = MovesOf(module);
                    }

                    break;
                case IrFor loop:
                    Walk(loop.Body);
                    break;
                case IrRepeat repeat:
                    // The second round sees what the first has moved.
                    Walk(repeat.Body);
                    Walk(repeat.Body);
                    break;
                case IrMinimize minimize:
                    Minimize(minimize);
                    break;
            }
        }
    }

    private void Minimize(IrMinimize minimize)
    {
        ImmutableHashSet<ModuleInstance> reached = Reached(minimize.Objective);
        ImmutableArray<ModuleInstance> targets = minimize.Optimizer.Targets;
        foreach (ModuleInstance target in targets.Where(t => !reached.Contains(t)))
        {
            _report(minimize.TargetSpans[targets.IndexOf(target)], b => Touched(minimize.Objective).Contains(target)
                ? b.ObjectiveOnlyThroughStop(target.Name, "'stop' or a draw")
                : b.ObjectiveMissesTarget(target.Name, [.. reached.Select(m => m.Name).OrderBy(n => n, StringComparer.Ordinal)]));
        }

        foreach (ModuleInstance target in targets.Where(t => reached.Contains(t) && !Surely(minimize.Objective, t, [])))
        {
            _report(minimize.TargetSpans[targets.IndexOf(target)], b => b.ObjectiveMayMissTarget(target.Name));
        }

        Record(minimize, minimize.Objective, [.. targets], []);
        foreach (ModuleInstance target in targets)
        {
            _moves[target] = (MovesOf(target) + 1, minimize.Span);
        }
    }

    // Marks the paths from the objective to the targets.
    private void Record(IrMinimize minimize, IrValue value, HashSet<ModuleInstance> targets, HashSet<IrValue> seen)
    {
        if (!seen.Add(value) || !Reached(value).Overlaps(targets))
        {
            return;
        }

        if (value.Producer is { } op)
        {
            op.IsRecorded = true;
            if (_recordedFor.TryGetValue(op, out IrMinimize? earlier) && earlier != minimize)
            {
                earlier.KeepsGraph = true;
            }

            _recordedFor[op] = minimize;
            if (ModuleOf(op) is { } module)
            {
                bool learns = targets.Contains(module);
                switch (op)
                {
                    case InvokeOp invoke:
                        invoke.IsLearning |= learns;
                        break;
                    case ModelOp model:
                        model.IsLearning |= learns;
                        break;
                }

                if (_computedAt.TryGetValue(op, out int then) && then != MovesOf(module))
                {
                    int line = _source.Lines.PositionOf(_moves[module].Last.End).Line + 1;
                    _report(minimize.Span, b => b.MovedSince(value.IsNamed ? $"'{value.Name}'" : $"a call of '{module.Name}'", module.Name, line));
                }
            }
        }

        foreach (IrValue source in _gradients.Sources(value))
        {
            Record(minimize, source, targets, seen);
        }
    }

    // True where a value depends on a net whatever number of rounds its loops run: all that it may be must depend on it.
    private bool Surely(IrValue value, ModuleInstance target, HashSet<IrValue> open)
    {
        if (!open.Add(value))
        {
            return true;
        }

        if (value.Producer is null && value.MergedFrom.Count > 0)
        {
            return value.MergedFrom.TrueForAll(v => Surely(v, target, open));
        }

        return (value.Producer is { } op && ModuleOf(op) == target && _gradients.OwnWeights(value))
            || _gradients.Sources(value).Any(v => Surely(v, target, [.. open]));
    }

    private int MovesOf(ModuleInstance module) => _moves.TryGetValue(module, out (int Moves, TextSpan Last) m) ? m.Moves : 0;

    private static ModuleInstance? ModuleOf(IrOp op) => op switch
    {
        InvokeOp invoke => invoke.Module,
        ModelOp model => model.Module,
        _ => null,
    };

    private ImmutableHashSet<ModuleInstance> Reached(IrValue value) => Collect(value, _reached, _gradients);

    private ImmutableHashSet<ModuleInstance> Touched(IrValue value) => Collect(value, _touched, _values);

    // The nets whose parameters a value depends on. Loop-carried values depend on themselves, so each value is walked by itself.
    private static ImmutableHashSet<ModuleInstance> Collect(IrValue root, Dictionary<IrValue, ImmutableHashSet<ModuleInstance>> known, FunctionFlow flow)
    {
        if (known.TryGetValue(root, out ImmutableHashSet<ModuleInstance>? set))
        {
            return set;
        }

        ImmutableHashSet<ModuleInstance>.Builder found = ImmutableHashSet.CreateBuilder<ModuleInstance>();
        var seen = new HashSet<IrValue> { root };
        var open = new Stack<IrValue>([root]);
        while (open.Count > 0)
        {
            IrValue value = open.Pop();
            if (value.Producer is { } op && ModuleOf(op) is { AverageOf: null } module && flow.OwnWeights(value))
            {
                found.Add(module);
            }

            foreach (IrValue source in flow.Sources(value).Where(seen.Add))
            {
                open.Push(source);
            }
        }

        return known[root] = found.ToImmutable();
    }
}
