using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;

namespace GenDsl.Generators.Emit;

/// <summary>
/// Layers that a method passes through several times with weights that it computes of their parameters, themselves or in nets that it
/// calls: the weights are computed once. Between the passes of a method of a net, flow or model no parameter moves.
/// </summary>
internal static class RepeatedWeights
{
    /// <summary>The layers and nets of a block that are passed more than once.</summary>
    public static HashSet<object> In(IrBlock block, Usage usage)
    {
        var passes = new Dictionary<object, int>();
        Count(block, usage, [], passes);
        return [.. passes.Where(p => p.Value > 1).Select(p => p.Key)];
    }

    /// <summary>The nets that are asked to pass with weights that their caller keeps.</summary>
    public static HashSet<IrNet> Asked(IEnumerable<IrModule> modules)
    {
        var asked = new HashSet<IrNet>();
        foreach (IrFunction function in modules.Where(m => !m.IsBroken).SelectMany(Functions))
        {
            foreach (ModuleInstance net in In(function.Body, new Usage(function.Body, function.Results)).OfType<ModuleInstance>())
            {
                Ask((IrNet)net.Module, asked);
            }
        }

        return asked;
    }

    /// <summary>True for a net that computes weights of parameters, itself or in nets that it calls.</summary>
    public static bool Has(IrModule module) => module is IrNet { Forward: { } forward } and not IrFlow && Operations(forward.Body).Any(op => Repeatable(op) is not null);

    private static void Ask(IrNet net, HashSet<IrNet> asked)
    {
        if (!asked.Add(net))
        {
            return;
        }

        foreach (ModuleInstance inner in Operations(net.Forward!.Body).Select(Repeatable).OfType<ModuleInstance>())
        {
            Ask((IrNet)inner.Module, asked);
        }
    }

    private static IEnumerable<IrFunction> Functions(IrModule module)
    {
        IEnumerable<IrFunction?> all = module switch
        {
            IrFlow flow => [flow.Forward, flow.Inverse],
            IrNet net => [net.Forward],
            IrModel model => [model.LogProb, model.Elbo, model.Terms, model.Weights, model.DregWeights, model.PriorWeights, model.Loss, model.Encode, model.Draw, model.Propose],
            IrTrainer trainer => [.. trainer.Samples.Select(s => s.Function), .. trainer.Evaluations.Select(e => new IrFunction([], e.Body, [.. e.Results.SelectMany(r => r.Read)]))],
            _ => [],
        };
        return all.OfType<IrFunction>();
    }

    // What an operation passes through that computes weights: its layer, or the net that it calls.
    private static object? Repeatable(IrOp op) => op switch
    {
        CatalogOp { Operation.KeptBy: not null } call => call.Layer,
        InvokeOp { IsInverse: false } invoke when Has(invoke.Module.Module) => invoke.Module,
        _ => null,
    };

    // In a loop over its own construction a layer is another one in each round.
    private static void Count(IrBlock block, Usage usage, IReadOnlyList<LoopIndex> around, Dictionary<object, int> passes)
    {
        foreach (IrStatement statement in block.Statements)
        {
            switch (statement)
            {
                case IrOpStatement { Op: { } op } when usage.IsNeeded(op) && Repeatable(op) is { } passed:
                    IReadOnlyCollection<LoopIndex> own = passed is LayerInstance layer ? layer.Loops : ((ModuleInstance)passed).Loops;
                    bool isRepeated = around.Any(a => own.All(o => !o.Variable.Equals(a.Variable)));
                    passes[passed] = (passes.TryGetValue(passed, out int known) ? known : 0) + (isRepeated ? 2 : 1);
                    break;
                case IrFor loop:
                    Count(loop.Body, usage, [.. around, loop.Index], passes);
                    break;
            }
        }
    }

    private static IEnumerable<IrOp> Operations(IrBlock block) => block.Statements.SelectMany(s => s switch
    {
        IrOpStatement { Op: { } op } => [op],
        IrFor loop => Operations(loop.Body),
        _ => Enumerable.Empty<IrOp>(),
    });
}
