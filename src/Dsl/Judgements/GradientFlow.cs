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

            foreach (IrValue input in op.Inputs)
            {
                Record(minimize, input, targets, seen);
            }
        }

        foreach (IrValue source in value.MergedFrom)
        {
            Record(minimize, source, targets, seen);
        }
    }

    private int MovesOf(ModuleInstance module) => _moves.TryGetValue(module, out (int Moves, TextSpan Last) m) ? m.Moves : 0;

    private static ModuleInstance? ModuleOf(IrOp op) => op switch
    {
        InvokeOp invoke => invoke.Module,
        ModelOp model => model.Module,
        _ => null,
    };

    private ImmutableHashSet<ModuleInstance> Reached(IrValue value) => Collect(value, _reached, throughCuts: false);

    private ImmutableHashSet<ModuleInstance> Touched(IrValue value) => Collect(value, _touched, throughCuts: true);

    // The nets whose parameters a value depends on, with or without what stops gradients.
    private static ImmutableHashSet<ModuleInstance> Collect(IrValue value, Dictionary<IrValue, ImmutableHashSet<ModuleInstance>> known, bool throughCuts)
    {
        if (known.TryGetValue(value, out ImmutableHashSet<ModuleInstance>? set))
        {
            return set;
        }

        // Loop-carried values depend on themselves; what they reach by other ways is found all the same.
        known[value] = set = [];
        bool cuts = value.Producer is CatalogOp { Operation.CutsGradient: true } or DrawOp or ModelOp { Query: ModelQuery.Draw };
        if (throughCuts || !cuts)
        {
            foreach (IrValue input in (value.Producer?.Inputs ?? []).Concat(value.MergedFrom))
            {
                set = set.Union(Collect(input, known, throughCuts));
            }

            if (value.Producer is { } op && ModuleOf(op) is { HasParameters: true, AverageOf: null } module)
            {
                set = set.Add(module);
            }
        }

        known[value] = set;
        return set;
    }
}
