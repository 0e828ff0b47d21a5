using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;

namespace GenDsl.Dsl.Judgements;

/// <summary>
/// What depends on the positions that a sampler draws, and whether it can be computed position by position: every operation
/// on the way needs a site form.
/// </summary>
public static class SiteFlow
{
    /// <summary>The values of a function that depend on some of its values.</summary>
    /// <param name="function">The function.</param>
    /// <param name="roots">Values that count as dependent; what computes them is not looked at.</param>
    public static HashSet<IrValue> Dependents(IrFunction function, IEnumerable<IrValue> roots)
    {
        HashSet<IrValue> dependent = [.. roots];
        while (Grow(function.Body, dependent))
        {
        }

        return dependent;
    }

    // A loop may carry a dependence from its end to its start, so one pass is not always enough.
    private static bool Grow(IrBlock block, HashSet<IrValue> dependent)
    {
        bool grown = false;
        foreach (IrStatement statement in block.Statements)
        {
            switch (statement)
            {
                case IrOpStatement { Op: { } op } when op.Inputs.Any(dependent.Contains):
                    foreach (IrValue output in op.Outputs)
                    {
                        // All versions of a family are kept in one place.
                        grown |= dependent.Add(output) | dependent.Add(output.Root);
                    }

                    break;
                case IrFor loop:
                    foreach (LoopCarried carried in loop.Carried)
                    {
                        grown |= (dependent.Contains(carried.Initial) || dependent.Contains(carried.Next)) && dependent.Add(carried.Round) | dependent.Add(carried.Result);
                    }

                    grown |= Grow(loop.Body, dependent);
                    break;
            }
        }

        return grown;
    }

    /// <summary>Which parameters of a called net depend on the drawn positions.</summary>
    public static ImmutableArray<bool> Signature(InvokeOp op, HashSet<IrValue> dependent) => [.. op.Inputs.Select(dependent.Contains)];

    /// <summary>The parameters that a signature marks.</summary>
    public static IEnumerable<IrValue> Marked(IrFunction function, ImmutableArray<bool> signature) => function.Parameters.Where((_, i) => signature[i]);

    /// <summary>The first operation on the way to the results that has no site form; null where all have one.</summary>
    public static IrOp? Obstacle(IrFunction function, IEnumerable<IrValue> roots)
    {
        HashSet<IrValue> sources = [.. roots];
        HashSet<IrValue> dependent = Dependents(function, sources);
        HashSet<IrOp> needed = Needed(function, sources);
        return Operations(function.Body).FirstOrDefault(op => needed.Contains(op) && op.Outputs.Any(dependent.Contains) && !op.Outputs.All(sources.Contains) && !HasSiteForm(op, dependent));
    }

    /// <summary>True where something on the way from a root to the results is of a kind.</summary>
    public static bool Reaches(IrFunction function, IrValue root, Func<IrOp, bool> kind)
    {
        HashSet<IrValue> dependent = Dependents(function, [root]);
        HashSet<IrOp> needed = Needed(function, [root]);
        return Operations(function.Body).Any(op => needed.Contains(op) && op.Inputs.Any(dependent.Contains)
            && (kind(op) || (op is InvokeOp { Function: { } forward } call && Marked(forward, Signature(call, dependent)).Any(p => Reaches(forward, p, kind)))));
    }

    private static bool HasSiteForm(IrOp op, HashSet<IrValue> dependent) => op switch
    {
        CatalogOp call => call.Operation.Site is not null,
        FamilyOp or FamilyWriteOp or FamilyReadOp or FamilySliceOp => true,
        InvokeOp { Module.Module: IrNet and not IrFlow, Function: { } forward } invoke => Obstacle(forward, Marked(forward, Signature(invoke, dependent))) is null,
        _ => false,
    };

    /// <summary>The operations that the results are computed with, those behind the roots left out.</summary>
    public static HashSet<IrOp> Needed(IrFunction function, HashSet<IrValue> roots)
    {
        var needed = new HashSet<IrOp>();
        var merged = Merged(function.Body).GroupBy(m => m.To).ToDictionary(g => g.Key, g => g.Select(m => m.From).ToList());
        var seen = new HashSet<IrValue>(function.Results);
        var open = new Stack<IrValue>(seen);
        while (open.Count > 0)
        {
            IrValue value = open.Pop();
            if (roots.Contains(value))
            {
                continue;
            }

            IEnumerable<IrValue> sources = merged.TryGetValue(value, out List<IrValue>? from) ? from : [];
            if (value.Producer is { } op)
            {
                needed.Add(op);
                sources = sources.Concat(op.Inputs);
            }

            foreach (IrValue source in sources.Where(seen.Add))
            {
                open.Push(source);
            }
        }

        return needed;
    }

    /// <summary>The nets that a traced function calls with drawn positions, each with what of its parameters depends on them.</summary>
    public static void Calls(IrFunction function, IReadOnlyCollection<IrValue> roots, Dictionary<IrModule, List<ImmutableArray<bool>>> found)
    {
        HashSet<IrValue> dependent = Dependents(function, roots);
        HashSet<IrOp> needed = Needed(function, [.. roots]);
        foreach (InvokeOp call in Operations(function.Body).OfType<InvokeOp>().Where(c => needed.Contains(c) && c.Inputs.Any(dependent.Contains)))
        {
            var net = (IrNet)call.Module.Module;
            ImmutableArray<bool> signature = Signature(call, dependent);
            if (!found.TryGetValue(net, out List<ImmutableArray<bool>>? known))
            {
                found[net] = known = [];
            }

            if (!known.Any(k => k.SequenceEqual(signature)))
            {
                known.Add(signature);
                Calls(net.Forward!, [.. Marked(net.Forward!, signature)], found);
            }
        }
    }

    private static IEnumerable<(IrValue To, IrValue From)> Merged(IrBlock block) => block.Statements.OfType<IrFor>().SelectMany(loop =>
        loop.Carried.SelectMany(c => new[] { (c.Round, c.Initial), (c.Round, c.Next), (c.Result, c.Initial), (c.Result, c.Next) }).Concat(Merged(loop.Body)));

    private static IEnumerable<IrOp> Operations(IrBlock block) => block.Statements.SelectMany(s => s switch
    {
        IrOpStatement { Op: { } op } => [op],
        IrFor loop => Operations(loop.Body),
        _ => Array.Empty<IrOp>(),
    });
}
