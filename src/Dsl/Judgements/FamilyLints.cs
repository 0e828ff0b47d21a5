using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Judgements;

/// <summary>Programs that run and probably do not do what was meant: what costs users of this family of models most.</summary>
public static class FamilyLints
{
    /// <summary>Looks at a trainer.</summary>
    public static void Check(IrTrainer trainer, Action<TextSpan, Func<DiagnosticBuilder, GenDiagnostic>> report)
    {
        foreach (IrBlock step in trainer.Steps)
        {
            Check(step, report);
        }
    }

    private static void Check(IrBlock step, Action<TextSpan, Func<DiagnosticBuilder, GenDiagnostic>> report)
    {
        foreach (CatalogOp op in step.All.OfType<IrOpStatement>().Select(s => s.Op).OfType<CatalogOp>().Where(o => o.Operation.Name is "softplus" or "log_sigmoid" or "bce_with_logits"))
        {
            IrValue logit = op.Inputs[0].Producer is CatalogOp { Operation.Name: "neg" } negative ? negative.Inputs[0] : op.Inputs[0];
            if (EndsInSigmoid(logit) is { } net)
            {
                report(op.Span, b => b.SigmoidBeforeLogits(net));
            }
        }

        foreach (CatalogOp op in step.All.OfType<IrOpStatement>().Select(s => s.Op).OfType<CatalogOp>())
        {
            if (Target(op) is { } target && IsDrawn(op.Inputs[0].Producer!.Inputs[0]))
            {
                report(op.Span, b => b.SmoothedFakes(target.ToString("R", CultureInfo.InvariantCulture), target < 0.5 ? "0" : "1"));
            }
        }

        ContrastLints.Check(step, report);
        List<IrMove> moves = [.. step.Minimizes.SelectMany(m => m.Moves)];
        foreach ((IrMove move, int order) in moves.Select((m, i) => (m, i)))
        {
            foreach ((IrPart target, TextSpan at) in move.Targets.Zip(move.Spans, (t, s) => (t, s)))
            {
                if (moves.Take(order).Any(earlier => earlier.Optimizer != move.Optimizer && earlier.Targets.Any(t => t.Places.Intersect(target.Places).Any())))
                {
                    report(at, b => b.TwoOptimizers(target.Name));
                }

                bool decays = move.Optimizer.Settings.Any(s => s.Name == "decay" && s.Value.Constant is not 0.0);
                if (decays && target is { IsWhole: true, Net.Module: IrNet { Forward: { } forward } net } && ScaleInvariant(forward.Body) is { } layer)
                {
                    report(at, b => b.DecayWithoutEffect(net.Name, layer.Name));
                }
            }
        }
    }

    // The target of a cross-entropy, softplus(x) - t * x, that lies between 0 and 1.
    private static double? Target(CatalogOp op) =>
        op is { Operation.Name: "-" } && op.Inputs[0].Producer is CatalogOp { Operation.Name: "softplus" } plus && op.Inputs[1].Producer is CatalogOp { Operation.Name: "*s" } times
            && ReferenceEquals(plus.Inputs[0], times.Inputs[0]) && times.Attributes["number"] is NumberAttribute { Value.Constant: > 0 and < 1 and { } target } ? target : null;

    // Computed of draws, and of no data.
    private static bool IsDrawn(IrValue value)
    {
        bool drawn = false;
        var seen = new HashSet<IrValue>();
        var open = new Stack<IrValue>([value]);
        while (open.Count > 0)
        {
            IrValue next = open.Pop();
            if (!seen.Add(next))
            {
                continue;
            }

            if (next.Producer is not { } producer)
            {
                return false;
            }

            drawn |= producer is DrawOp or ModelOp { Query: ModelQuery.Draw };
            foreach (IrValue input in producer.Inputs)
            {
                open.Push(input);
            }
        }

        return drawn;
    }

    // What its own last operation has made a probability of.
    private static string? EndsInSigmoid(IrValue value) =>
        value.Producer is CatalogOp { Operation.Name: "sigmoid" } ? $"'{value.Name}'"
        : value.Producer is InvokeOp { Function: { } function } call && function.Results[call.Outputs.IndexOf(value)].Producer is CatalogOp { Operation.Name: "sigmoid" } ? $"what '{call.Module.Name}' returns"
        : null;

    // A kernel whose output is standardised: its length does not matter, so decaying it only changes the effective rate.
    private static LayerInstance? ScaleInvariant(IrBlock body) => body.Statements.OfType<IrOpStatement>().Select(s => s.Op).OfType<CatalogOp>()
        .Where(op => op.Access is BatchStatisticsAccess)
        .Select(op => op.Inputs[0].Producer as CatalogOp)
        .FirstOrDefault(op => op?.Layer is { Weights: { } weights } && weights.Any(w => w.Role == WeightRole.Kernel))?.Layer;
}
