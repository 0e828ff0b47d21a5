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
        foreach ((IrMinimize minimize, int order) in Minimizes(step).Select((m, i) => (m, i)))
        {
            for (int i = 0; i < minimize.Optimizer.Targets.Length; i++)
            {
                IrPart target = minimize.Optimizer.Targets[i];
                TextSpan at = minimize.TargetSpans[i];
                if (Minimizes(step).Take(order).Any(earlier => earlier.Optimizer.Targets.Any(t => t.Places.Intersect(target.Places).Any())))
                {
                    report(at, b => b.TwoOptimizers(target.Name));
                }

                bool decays = minimize.Optimizer.Settings.Any(s => s.Name == "decay" && s.Value.Constant is not 0.0);
                if (decays && target is { IsWhole: true, Net.Module: IrNet { Forward: { } forward } net } && ScaleInvariant(forward.Body) is { } layer)
                {
                    report(at, b => b.DecayWithoutEffect(net.Name, layer.Name));
                }
            }
        }
    }

    private static IEnumerable<IrMinimize> Minimizes(IrBlock block) => block.Statements.SelectMany(s => s switch
    {
        IrMinimize minimize => [minimize],
        IrRepeat repeat => Minimizes(repeat.Body),
        _ => Enumerable.Empty<IrMinimize>(),
    });

    // A kernel whose output is standardised: its length does not matter, so decaying it only changes the effective rate.
    private static LayerInstance? ScaleInvariant(IrBlock body) => body.Statements.OfType<IrOpStatement>().Select(s => s.Op).OfType<CatalogOp>()
        .Where(op => op.Access is BatchStatisticsAccess)
        .Select(op => op.Inputs[0].Producer as CatalogOp)
        .FirstOrDefault(op => op?.Layer is { Weights: { } weights } && weights.Any(w => w.Role == WeightRole.Kernel))?.Layer;
}
