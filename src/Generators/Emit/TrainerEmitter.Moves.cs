using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics;

namespace GenDsl.Generators.Emit;

/// <summary>The statements that only steps have: moves, reports, rounds.</summary>
internal sealed partial class TrainerEmitter
{
    // Where the gradients of the rounds in hand are added up.
    private readonly Dictionary<IrMinimize, string> _sums = [];

    // Whether a net has moved in the step in hand, where that is not sure.
    private readonly Dictionary<ModuleInstance, string> _flags = [];
    private HashSet<IrMinimize>? _accumulated;

    private void TrainerStatement(IrStatement statement, BlockEmitter body, IReadOnlyList<IrValue> dead)
    {
        switch (statement)
        {
            case IrMinimize minimize:
                Minimize(minimize, body, dead);
                break;
            case IrReportStatement report:
                body.Line(report.Span, $"{MeterField(report.Report)}.Add({body.NameOf(report.Value)});", dead);
                break;
            case IrWriteState write:
                body.Line(write.Span, $"Build.Write({HeldFields.Of(write.State)}, {body.NameOf(write.Value)});", dead);
                break;
            case IrRepeat repeat:
                Repeat(repeat, body);
                body.DisposeRest(dead);
                break;
            case IrEvery every:
                Every(every, body);
                body.DisposeRest(dead);
                break;
        }
    }

    private void Minimize(IrMinimize minimize, BlockEmitter body, IReadOnlyList<IrValue> dead)
    {
        string objective = body.NameOf(minimize.Objective);
        if (_sums.TryGetValue(minimize, out string? sum))
        {
            body.Line(minimize.Span, $"{sum}.Add({objective}{(minimize.KeepsGraph ? ", keepGraph: true" : "")});", []);
        }
        else if (HasMoves(minimize))
        {
            body.Line(minimize.Span, $"Optimizer.Minimize({objective}, {(minimize.KeepsGraph ? "keepGraph: true, " : "")}{Players(minimize, body.Context)});", []);
        }
        else
        {
            body.Line(minimize.Span, $"{OptimizerField(minimize.Moves[0].Optimizer)}.Minimize({objective}, {How(minimize.Moves[0].Optimizer, body.Context)}{(minimize.KeepsGraph ? ", keepGraph: true" : "")});", []);
        }

        if (sum is null)
        {
            Moved(minimize, body);
        }

        body.Line(minimize.Span, $"{MeterField(minimize.Report)}.Add({objective});", dead);
    }

    // What holds after each move, and what is to know of it.
    private void Moved(IrMinimize minimize, BlockEmitter body)
    {
        HashSet<LearnedPlace> places = [.. minimize.Targets.SelectMany(t => t.Places)];
        foreach (IrConstraint constraint in trainer.Constraints.Where(c => c.Target.Places.Any(places.Contains)))
        {
            body.Line(minimize.Span, $"{ConstraintField(constraint)}.Apply();", []);
        }

        foreach (ModuleInstance net in minimize.Targets.Select(t => t.Net).Distinct().Where(_flags.ContainsKey))
        {
            body.Line(minimize.Span, $"{_flags[net]} = true;", []);
        }
    }

    private static string How(IrOptimizer optimizer, FunctionContext context) =>
        context.Host.Value(optimizer.LearningRate) + string.Concat(optimizer.Limits.Select(l => $", {l.Name}: {context.Host.Value(l.Value)}"));

    private static string Players(IrMinimize minimize, FunctionContext context) =>
        string.Join(", ", minimize.Moves.Select((m, i) => $"{MoveField(minimize, i)}.With({How(m.Optimizer, context)})"));

    // An optimizer that moves all it has for one statement alone needs no more than itself.
    private bool HasMoves(IrMinimize minimize) => minimize.Moves.Length > 1 || !minimize.Moves[0].IsWhole || Accumulated.Contains(minimize);

    private HashSet<IrMinimize> Accumulated => _accumulated ??= [.. trainer.Steps.SelectMany(s => s.All).OfType<IrRepeat>().SelectMany(r => r.Moves)];

    private IEnumerable<(IrMove Move, string Field)> Moves => trainer.Steps.SelectMany(s => s.Minimizes).Where(HasMoves)
        .SelectMany(m => m.Moves.Select((move, i) => (move, MoveField(m, i))));

    private static string MoveField(IrMinimize minimize, int index) =>
        $"_{CSharpNames.Camel(minimize.Report.Name)}Move{(index == 0 ? "" : CSharpNames.Number(index + 1L))}";

    private static string ConstraintField(IrConstraint constraint) => $"_{CSharpNames.Camel(constraint.Name)}{(constraint.Interval is null ? "Orthogonal" : "Clip")}";

    private static string Move(IrMove move, HostText host)
    {
        if (move.IsWhole)
        {
            return $"new Move({OptimizerField(move.Optimizer)})";
        }

        IEnumerable<string> groups = move.Targets.Zip(move.Scales, (t, s) => $"({Learned(t)}, {(s is null ? "1" : host.Value(s))})");
        return $"new Move({OptimizerField(move.Optimizer)}, {string.Join(", ", groups)})";
    }

    private void Repeat(IrRepeat repeat, BlockEmitter body)
    {
        FunctionContext context = body.Context;
        List<IrMinimize> moves = [.. repeat.Moves];
        foreach (IrMinimize minimize in moves)
        {
            _sums[minimize] = context.Names.New(minimize.Report.Name + "_sum");
            body.Line(minimize.Span, $"using var {_sums[minimize]} = new GradientSum({string.Join(", ", minimize.Moves.Select((_, i) => MoveField(minimize, i)))});", []);
        }

        string round = context.Names.New(repeat.Index);
        Func<string, string> outer = context.Draws;
        context.Draws = site => outer(site) + $".At({round})";
        LineMapping.Write(body.Writer, context, repeat.Span);
        Scope(body, $"for (var {round} = 0; {round} < {context.Host.Bound(repeat.Count)}; {round}++)", repeat.Pulls, repeat.Body);
        context.Draws = outer;
        foreach (IrMinimize minimize in moves)
        {
            body.Line(minimize.Span, $"{_sums[minimize]}.Step({Players(minimize, context)});", []);
            _sums.Remove(minimize);
            Moved(minimize, body);
        }
    }

    private static void Every(IrEvery every, BlockEmitter body)
    {
        LineMapping.Write(body.Writer, body.Context, every.Span);
        Scope(body, $"if ({body.Context.Host.Step} % {body.Context.Host.Factor(every.Count.Size!)} == 0)", every.Pulls, every.Body);
    }

    // Its own batch of a source has the name of the step's only within the scope.
    private static void Scope(BlockEmitter body, string head, IReadOnlyCollection<IrSource> pulls, IrBlock block)
    {
        FunctionContext context = body.Context;
        List<IrValue> columns = [.. pulls.SelectMany(s => s.Columns).Select(c => c.Batch)];
        List<Action> restore = [.. columns.Select(body.Keep)];
        using (body.Writer.Braces(head))
        {
            HashSet<string> known = [.. context.Sizes.Keys];
            Pull(body, pulls, block);
            body.WriteRounds(block, columns);
            body.DisposeRest(columns);
            foreach (string size in context.Sizes.Keys.Except(known).ToList())
            {
                context.Sizes.Remove(size);
            }
        }

        restore.ForEach(r => r());
    }
}
