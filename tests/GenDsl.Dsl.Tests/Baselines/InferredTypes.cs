using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Tests.Baselines;

/// <summary>What the compiler found out about a right program: signatures, values with shape and range, roles, who learns.</summary>
internal static class InferredTypes
{
    public static string Of(CheckedFile file)
    {
        var text = new StringBuilder();
        foreach (SpaceSymbol space in file.Ir.Spaces)
        {
            text.Append(CultureInfo.InvariantCulture, $"space {space.TypeOf(null)}{(space.Law is { } law ? $" ~ {law.Distribution}" : "")}\n");
        }

        foreach (IrModule module in file.Ir.Modules.Concat(file.Ir.Trainers))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{(module is IrFlow ? "flow" : module is IrNet ? "net" : module is IrModel ? "model" : "trainer")} {module.Name}({string.Join(", ", module.Hyperparameters.Select(h => h.Name + ": " + h.Kind.ToString().ToLowerInvariant()))})\n");
            if (!module.FixedSizes.IsEmpty)
            {
                text.Append(CultureInfo.InvariantCulture, $"  fixed at construction: {string.Join(", ", module.FixedSizes.Select(s => s.Name))}\n");
            }

            foreach (LayerInstance layer in module.Layers.Where(l => l.Weights.Length > 0))
            {
                string rounds = string.Concat(layer.Loops.Select(l => $" for {l.Variable.Name} in {l.From}..{l.To}"));
                text.Append(CultureInfo.InvariantCulture, $"  {layer.Name}{rounds}: {string.Join(", ", layer.Weights.Select(w => $"{w.Name} {TensorType.ShapeOf(w.Shape)} {w.Role.ToString().ToLowerInvariant()}".Trim()))}\n");
            }

            Functions(text, module);
        }

        return text.ToString();
    }

    private static void Functions(StringBuilder text, IrModule module)
    {
        switch (module)
        {
            case IrNet { Forward: { } forward }:
                Function(text, "forward", forward);
                if (module is IrFlow { Inverse: { } inverse } flow)
                {
                    Function(text, flow.Passes.Value == 1 ? "inverse" : $"inverse in {flow.Passes} passes", inverse);
                }

                break;
            case IrModel model:
                foreach (Autoregression line in model.Autoregressions)
                {
                    text.Append(CultureInfo.InvariantCulture, $"  {line.Root.Name} in order of {line.Order}: looks {line.Horizon} ahead, drawn by {line.Grain}\n");
                }

                foreach ((string name, IrFunction? function) in new[] { ("log_prob", model.LogProb), ("elbo", model.Elbo), ("loss", model.Loss), ("draw", model.Draw) })
                {
                    if (function is not null)
                    {
                        Function(text, name, function);
                    }
                }

                break;
            case IrTrainer trainer:
                if (trainer.Phases.Count == 0)
                {
                    text.Append("  step\n");
                    Block(text, trainer.Step, 2);
                }

                foreach (IrPhase phase in trainer.Phases)
                {
                    string length = phase.Length is { } l ? $" in {(l.InEpochs ? "epochs" : "steps")}" : "";
                    text.Append(CultureInfo.InvariantCulture, $"  phase {phase.Name}{length} of {phase.Clock?.Name ?? "no data"}\n");
                    Block(text, phase.Step, 2);
                }

                foreach (IrSample sample in trainer.Samples)
                {
                    Function(text, "sample " + sample.Name, sample.Function);
                }

                break;
        }
    }

    private static void Function(StringBuilder text, string name, IrFunction function)
    {
        text.Append(CultureInfo.InvariantCulture, $"  {name}({string.Join(", ", function.Parameters.Select(p => p.ToString()))}) -> {string.Join(", ", function.Results.Select(r => r.Type.ToString()))}\n");
        Block(text, function.Body, 2);
    }

    private static void Block(StringBuilder text, IrBlock block, int depth)
    {
        string indent = new(' ', 2 * depth);
        foreach (IrStatement statement in block.Statements)
        {
            switch (statement)
            {
                case IrOpStatement { Op: { } op }:
                    string flags = (op.IsRecorded ? " recorded" : "") + (op.Learns.Count > 0 ? " learning" : "");
                    text.Append(CultureInfo.InvariantCulture, $"{indent}{string.Join(", ", op.Outputs.Select(o => o.ToString()))} = {Describe(op)}({string.Join(", ", op.Inputs.Select(i => i.Name))}){flags}\n");
                    break;
                case IrFor loop:
                    text.Append(CultureInfo.InvariantCulture, $"{indent}for {loop.Index.Variable.Name} in {loop.Index.From}..{loop.Index.To}\n");
                    Block(text, loop.Body, depth + 1);
                    break;
                case IrEvery every:
                    text.Append(CultureInfo.InvariantCulture, $"{indent}every, pulling {string.Join(", ", every.Pulls.Select(p => p.Name))}\n");
                    Block(text, every.Body, depth + 1);
                    break;
                case IrRepeat repeat:
                    text.Append(CultureInfo.InvariantCulture, $"{indent}{(repeat.Accumulates ? "accumulate" : "repeat")}, pulling {string.Join(", ", repeat.Pulls.Select(p => p.Name))}\n");
                    Block(text, repeat.Body, depth + 1);
                    break;
                case IrMinimize minimize:
                    text.Append(CultureInfo.InvariantCulture, $"{indent}minimize {minimize.Objective.Name} over {string.Join(", ", minimize.Targets.Select(t => t.Name))}, reported as {minimize.Report.Name}\n");
                    break;
                case IrReportStatement report:
                    text.Append(CultureInfo.InvariantCulture, $"{indent}report {report.Report.Name} = {report.Value.Name}\n");
                    break;
            }
        }
    }

    private static string Describe(IrOp op) => op switch
    {
        CatalogOp call => call.Operation.Name,
        InvokeOp { Manner: not CallManner.Plain } invoke => $"{invoke.Module.Name} ({invoke.Manner})",
        InvokeOp invoke => invoke.Module.Name,
        ModelOp model => $"{model.Module.Name}.{model.Query}",
        FamilyOp => "family",
        FamilyWriteOp write => $"write {write.Index}",
        FamilyReadOp read => $"read {read.Index}",
        FamilySliceOp slice => $"slice {slice.From}..{slice.To}",
        GradOp { IsRecorded: true } => "grad twice",
        GradOp => "grad",
        DrawOp draw => $"{draw.Kind} noise at '{draw.Site}'",
        WeightFigureOp { Figure: WeightFigure.Distance } distance => $"distance of {distance.Nets[0].Name} and {distance.Nets[1].Name}",
        WeightFigureOp gram => $"gram of {gram.Nets[0].Name}",
        ReadStateOp read => $"state {read.State.Name}",
        HistoryOp history => $"history {history.History.Name}",
        _ => "parameter",
    };
}
