using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Judgements;

/// <summary>What has parameters and no statement that moves them: the largest parts of which that is true, by name.</summary>
internal static class IdleParts
{
    public static void Check(IrTrainer trainer, Action<TextSpan, Func<DiagnosticBuilder, GenDiagnostic>> report)
    {
        HashSet<LearnedPlace> moved = [.. trainer.Optimizers.SelectMany(o => o.Targets).SelectMany(t => t.Places)];

        // What a closed form or another net gives its weights moves at once.
        HashSet<ModuleInstance> given = [.. trainer.Phases.Where(p => p.Solve is not null || p.HandOver is { From: not null }).SelectMany(p => p.Moved)];
        foreach (ModuleInstance net in trainer.Children.Where(c => c.HasParameters && c.AverageOf is null && !c.IsGiven && !given.Contains(c)))
        {
            foreach (string part in Idle(net, net.Module, "", moved))
            {
                report(net.Span, b => b.NobodyMoves(part.Length == 0 ? net.Name : net.Name + "." + part));
            }
        }
    }

    private static IEnumerable<string> Idle(ModuleInstance net, IrModule module, string path, HashSet<LearnedPlace> moved)
    {
        string prefix = path.Length == 0 ? "" : path + ".";
        List<string> layers = [.. IrPart.Learned(module)];
        if (!layers.Exists(l => moved.Contains(new LearnedPlace(net, prefix + l))))
        {
            return layers.Count == 0 ? [] : [path];
        }

        return module.Layers.Where(l => IrPart.IsLearned(l) && !moved.Contains(new LearnedPlace(net, prefix + l.Name))).Select(l => prefix + l.Name)
            .Concat(module.Children.SelectMany(c => Idle(net, c.Module, prefix + c.Name, moved)));
    }
}
