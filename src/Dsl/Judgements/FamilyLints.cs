using System;
using System.Collections.Generic;
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
