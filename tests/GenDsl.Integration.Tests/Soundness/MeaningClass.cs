using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl;
using GenDsl.Dsl.Ir;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>
/// What two programs must agree in to count as learning the same: shapes and ranges of results, the data and weights they
/// depend on, which nets each objective moves and reads. Sizes inside, rates and initial values are free.
/// </summary>
internal static class MeaningClass
{
    public static SortedDictionary<string, string> Of(CheckedFile file)
    {
        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (IrModule module in file.Ir.Modules.Where(m => !m.IsLibrary))
        {
            foreach ((string name, IrFunction function) in Functions(module))
            {
                SizeValues sizes = SizeValues.Of(module, [function], new Random(1), defaults: true);
                ImmutableArray<ImmutableHashSet<string>> reach = Reach.Of(function, sizes);
                ImmutableArray<ImmutableHashSet<string>> reads = Reach.Of(function, sizes, throughCuts: true);
                for (int i = 0; i < function.Results.Length; i++)
                {
                    IrValue result = function.Results[i];
                    string shape = string.Join(", ", sizes.Of(result.Type.Shape));
                    string inputs = string.Join(", ", function.Parameters.Where((_, p) => reads[i].Contains("#" + p.ToString(CultureInfo.InvariantCulture))).Select(p => p.Name));
                    bool learns = reach[i].Any(r => r[0] != '#');
                    facts[$"{module.Name}.{name}.{i}"] = $"[{shape}] {result.Type.Element} in {result.Type.Range} of {result.Type.Space?.Name} from {inputs}{(learns ? " and weights" : "")}";
                }
            }
        }

        foreach (IrTrainer trainer in file.Ir.Trainers)
        {
            foreach (IrMinimize minimize in trainer.Steps.SelectMany(s => s.Minimizes))
            {
                string targets = string.Join(", ", minimize.Targets.Select(t => t.Name));
                List<ModuleInstance> reached = [.. Nets(minimize.Objective, throughCuts: false, [])];
                string moved = string.Join(", ", minimize.Targets.Where(t => reached.Contains(t.Net)).Select(m => m.Name));
                string read = string.Join(", ", Nets(minimize.Objective, throughCuts: true, []).Select(m => m.Name).Distinct().Order(StringComparer.Ordinal));
                facts.Add($"{trainer.Name} moves {targets}{(facts.ContainsKey($"{trainer.Name} moves {targets}") ? " again" : "")}", $"gradient to {moved}, reads {read}");
            }
        }

        return facts;
    }

    private static IEnumerable<(string Name, IrFunction Function)> Functions(IrModule module) => module switch
    {
        IrNet { Forward: { } forward } => [("forward", forward)],
        IrModel model => new[] { ("log_prob", model.LogProb), ("elbo", model.Elbo), ("loss", model.Loss), ("draw", model.Draw) }.Where(f => f.Item2 is not null).Select(f => (f.Item1, f.Item2!)),
        _ => [],
    };

    // The nets that a value is computed with, all or those between it and what it gets gradient from.
    private static IEnumerable<ModuleInstance> Nets(IrValue value, bool throughCuts, HashSet<IrValue> seen)
    {
        if (!seen.Add(value) || (!throughCuts && value.Producer is CatalogOp { Operation.CutsGradient: true } or ModelOp { Query: ModelQuery.Draw }))
        {
            return [];
        }

        IEnumerable<ModuleInstance> here = value.Producer switch { InvokeOp call => [call.Module], ModelOp query => [query.Module], _ => [] };
        return here.Concat((value.Producer?.Inputs ?? []).Concat(value.MergedFrom).SelectMany(i => Nets(i, throughCuts, seen)));
    }
}
