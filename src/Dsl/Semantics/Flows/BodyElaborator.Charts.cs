using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements.Flows;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Steps of data by catalogue bijections, flows and loops, in models and flows alike.</summary>
internal sealed partial class BodyElaborator
{
    /// <summary>A step that undoes: registered where its data are a version.</summary>
    public void Step(CatalogOp op)
    {
        if (Chart is null || op.Inputs.IsEmpty || !Chart.Has(op.Inputs[0]))
        {
            return;
        }

        // In a flow, parts are places; in a model each goes its own way.
        if (op.Operation.Name == "halves" && Data is null)
        {
            Chart.Add(new SplitStep(op.Inputs[0], op.Outputs[0], op.Outputs[1], null, op.Span));
        }

        if (!op.Operation.IsBijection)
        {
            return;
        }

        IrValue old = op.Inputs[0];
        IrValue result = op.Outputs[0];
        Value? logDet = null;
        if (op.Operation.LogDet is { Length: > 0 })
        {
            var sum = new IrValue("log_det", TensorType.Real(old.Type.Rows, []), op.Span) { IsNamed = true };
            Emit(new CatalogOp(FlowEntries.LogDetOf(op.Operation), op.Layer, [.. op.Bindings, ("y", result)], op.Attributes, Access.Everything, [sum], op.Span));
            logDet = new TensorValue(sum);
        }
        else if (op.Operation.LogDet is not null && op.Attributes["log_abs"] is NumberAttribute { Value: { } each } && HostArithmetic.Binary("*", each, HostValue.Of(Dim.Product(old.Type.Shape))) is { } all)
        {
            bool isInverse = op.Operation.Undoes is not null;
            logDet = new HostValueHolder(isInverse ? HostArithmetic.Negate(all) : all);
        }

        Chart.Add(new BijectionStep(op, old, result, [.. op.Inputs.Skip(1)]) { LogDet = logDet?.AsOperand() });
    }

    /// <summary>What a flow makes of data: a step where they are a version.</summary>
    public Value Transformed(InvokeOp op)
    {
        if (Chart is not null && Chart.Has(op.Inputs[0]))
        {
            Chart.Add(new FlowStep(op, op.Inputs[0], op.Outputs[0], [.. op.Inputs.Skip(1)]) { LogDet = new(op.Outputs[1], null) });
        }

        op.Outputs[0].Name = op.Inputs[0].Name;
        return new TensorValue(op.Outputs[0]);
    }

    // A loop of a model whose rounds are steps of data.
    private void ChartLoop(IrFor loop, BodyElaborator body)
    {
        ImmutableArray<LoopCarried> carried = [.. loop.Carried.Where(c => Chart is not null && Chart.Has(c.Initial) && body.Chart!.Has(c.Next) && ReferenceEquals(body.Chart.SourceOf(c.Next), c.Round))];
        body.Chart?.Keep(body.Chart.StepsTo(carried.Select(c => c.Next)));
        foreach (LoopCarried one in carried.Where(c => !ReferenceEquals(c.Next, c.Round)))
        {
            Chart!.Add(new LoopStep(loop, body.Chart!, [one], [.. ValueSources.Outside(loop)]));
        }
    }
}
