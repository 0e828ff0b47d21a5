using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements.Flows;
using GenDsl.Dsl.Semantics.Flows;
using GenDsl.Dsl.Semantics.Latents;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Laws of what bijections make of a draw, <c>normal(0, 1) |> F</c>, and flows run backwards.</summary>
internal sealed partial class BodyElaborator
{
    /// <summary>A draw, and log|det| of the bijections that it went through; null, reported, where something does not fit.</summary>
    public ThroughDraw? DrawThrough(DistributionValue law, Rows? rows, TensorType drawn, string site, TextSpan span)
    {
        if (Draw(law.Base, rows, drawn, site, span, out IrValue? noise) is not TensorValue { Tensor: { } start })
        {
            return null;
        }

        if (law.Transforms.IsEmpty)
        {
            return new(start, start, noise, null);
        }

        Chart? around = Chart;
        var chart = new Chart(Block);
        chart.Begin(start);
        Chart = chart;
        Value value = Through(new TensorValue(start), law);
        Value? logDet = value is TensorValue { Tensor: { } end } && chart.Has(end) && rows is not null ? LogDets.Sum(this, chart, chart.StepsTo([end]), rows) : null;
        Chart = around;
        return Reached(chart, value, law) is { } result ? new(result, start, noise, logDet) : null;
    }

    /// <summary>What the distribution itself must have given for a value, and log|det| of the way there; null, reported, where something does not fit.</summary>
    /// <param name="value">A value of the law.</param>
    public (IrValue Noise, Value? LogDet)? Back(DistributionValue law, IrValue value, Rows rows, bool isChart)
    {
        var block = new IrBlock();
        BodyElaborator scratch = Inner(block, new Scope(Scope));
        scratch.Chart = new Chart(block);
        var noise = new IrValue(value.Name, value.Type.With(range: law.Support), law.Span);
        scratch.Chart.Begin(noise);
        if (Reached(scratch.Chart, scratch.Through(new TensorValue(noise), law), law) is not { } end)
        {
            return null;
        }

        if (!end.Type.SameShape(value.Type) || end.Type.Element != value.Type.Element)
        {
            Report(law.Span, b => b.ShapesDiffer("~", $"'{value.Name}'", value.Type, "its law", end.Type));
            return null;
        }

        OpCloner cloner = OpCloner.Beside(this, block);
        cloner.Like = value;
        cloner.Map(end, value);
        Chart? around = Chart;
        if (!isChart)
        {
            Chart = new Chart(Block);
            Chart.Begin(value);
        }

        ImmutableArray<ChartStep> steps = scratch.Chart.StepsTo([end]);
        new Inversion(scratch.Chart, new NeedGraph(scratch.Chart, steps), cloner).Run();
        IrValue recovered = cloner.Get(noise);
        Value? logDet = isChart ? null : LogDets.Sum(this, Chart!, Chart!.StepsTo([recovered]), rows);
        Chart = around;
        return (recovered, logDet);
    }

    private Value Through(Value value, DistributionValue law)
    {
        foreach (ExpressionSyntax function in law.Transforms)
        {
            value = Piped(value, law.Span, function, function.Span);
        }

        return value;
    }

    // Where bijections arrive; null, reported, for what is none, several values among it.
    private IrValue? Reached(Chart chart, Value value, DistributionValue law)
    {
        if (value is TensorValue { Tensor: { } result } && chart.Has(result))
        {
            return result;
        }

        if (value is not ErrorValue)
        {
            Report(law.Transforms.Last().Span, b => b.LawThroughNoBijection());
        }

        return null;
    }

    private bool IsInverse(ExpressionSyntax callee) => callee is IdentifierSyntax { Name.Text: SpecialForms.Inverse } && Declared(SpecialForms.Inverse) is null && Scope.Find(SpecialForms.Inverse) is null;

    // inverse(F(h)): the same flow, the other way.
    private Value Inverse(CallSyntax call)
    {
        if (call.Arguments.Length != 1)
        {
            return call.Arguments.IsEmpty ? Error(call.Span, b => b.MissingArgument("inverse", "flow", "a flow")) : Error(call.Span, b => b.TooManyArguments("inverse", 1, call.Arguments.Length));
        }

        Value of = Evaluate(call.Arguments[0].Value);
        return of switch
        {
            ErrorValue => of,
            ModuleValue { Instance.Module: IrFlow } flow => new ModuleValue(flow.Instance) { IsInverse = !flow.IsInverse },
            TensorValue { Tensor: { Producer: DrawOp { Kind: DrawKind.Permutation } } order } => Apply(RowEntries.Inverse, [order], null, call.Span),
            _ => Error(call.Arguments[0].Span, b => b.WrongKind("What 'inverse' turns round", "a flow such as 'F(64)'", of.Description)),
        };
    }
}
