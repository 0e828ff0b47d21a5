using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements.Flows;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics.Flows;

/// <summary>The log-determinant of steps: the sum over them, in loops over their rounds.</summary>
internal static class LogDets
{
    /// <summary>The sum, per sample or as a number; null for 0. Loops of the chart are written anew where their rounds add to it.</summary>
    public static Value? Sum(BodyElaborator body, Chart chart, IEnumerable<ChartStep> steps, Rows rows)
    {
        Value? total = null;
        foreach (ChartStep step in steps.ToList())
        {
            Value? term = step is LoopStep { RoundLogDet: null } loop ? OfLoop(body, chart, loop, rows) : step.LogDet?.AsValue();
            if (term is not null)
            {
                total = total is null ? term : body.Combine("+", total, term, step.Span);
            }
        }

        return total;
    }

    /// <summary>A log-determinant as a tensor [N;].</summary>
    public static IrValue PerSample(BodyElaborator body, Value? logDet, IrValue like, Rows rows, TextSpan span)
    {
        if (logDet is TensorValue { Tensor: { } tensor })
        {
            return body.OverRows(tensor, rows, span);
        }

        IrValue zero = Number(body, like, rows, HostValue.Float(0.0), span);
        return logDet is HostValueHolder && body.Combine("+", new TensorValue(zero), logDet, span) is TensorValue { Tensor: { } shifted } ? shifted : zero;
    }

    /// <summary>A number for each sample.</summary>
    public static IrValue Number(BodyElaborator body, IrValue like, Rows? rows, HostValue number, TextSpan span, ImmutableArray<Dim>? shape = null) =>
        body.Fill(new IrValue("zero", TensorType.Real(rows, shape ?? []).With(range: number.Range), span), number, like, span);

    /// <summary>A loop that also adds up a value of its rounds.</summary>
    public static (IrFor Loop, LoopCarried Total) Accumulate(BodyElaborator body, BodyElaborator round, IrFor loop, IrValue term, IrValue like, TextSpan span)
    {
        IrValue zero = Number(body, like, term.Type.Rows, HostValue.Float(0.0), span);
        TensorType type = term.Type.With(range: Ranges.Interval.All);
        var before = new IrValue("log_det", type, span) { IsNamed = true };
        var sum = (TensorValue)round.Combine("+", new TensorValue(before), new TensorValue(term), span);
        var after = new IrValue("log_det", type, span) { IsNamed = true };
        var carried = new LoopCarried(zero, before, sum.Tensor, after);
        bool isSure = loop.Index.IsSure;
        before.MergedFrom.AddRange([zero, sum.Tensor]);
        after.MergedFrom.AddRange(isSure ? [sum.Tensor] : [zero, sum.Tensor]);
        carried = carried with { IsSum = isSure && Accumulators.IsSum(loop.Body, carried) };
        return (new IrFor(loop.Index, loop.Body, [.. loop.Carried, carried], loop.Span) { IsBackwards = loop.IsBackwards }, carried);
    }

    private static Value? OfLoop(BodyElaborator body, Chart chart, LoopStep step, Rows rows)
    {
        BodyElaborator round = body.Inner(step.Loop.Body, new Scope(null), step.Loop.Index);
        ImmutableArray<ChartStep> steps = step.Rounds.StepsTo(step.Carried.Select(c => c.Next));
        if (Sum(round, step.Rounds, steps, rows) is not { } each)
        {
            step.Loop.Undo = RoundInverses.Of(body, step, steps);
            return null;
        }

        IrValue like = step.Carried[0].Round;
        IrValue term = PerSample(round, each, like, rows, step.Span);

        // What comes before the loop in its block stands before the number that the sum starts from.
        int index = chart.Block.Statements.FindIndex(s => ReferenceEquals(s, step.Loop));
        List<IrStatement> behind = chart.Block.Statements.GetRange(index, chart.Block.Statements.Count - index);
        chart.Block.Statements.RemoveRange(index, behind.Count);
        BodyElaborator here = body.Inner(chart.Block, new Scope(null));
        (IrFor loop, LoopCarried total) = Accumulate(here, round, step.Loop, term, step.Carried[0].Initial, step.Span);
        loop.Undo = RoundInverses.Of(body, step with { Loop = loop }, steps);
        chart.Block.Statements.Add(loop);
        chart.Block.Statements.AddRange(behind.Skip(1));
        var counted = step with { Loop = loop, RoundLogDet = term, LogDet = new(total.Result, null) };
        chart.Replace(step, counted);
        return counted.LogDet.AsValue();
    }
}
