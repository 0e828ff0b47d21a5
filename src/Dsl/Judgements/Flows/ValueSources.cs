using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;

namespace GenDsl.Dsl.Judgements.Flows;

/// <summary>What values are computed from, through the operations and loops of their blocks.</summary>
internal static class ValueSources
{
    /// <summary>The values of a kind that others are computed from; the way ends at each.</summary>
    public static HashSet<IrValue> Of(IEnumerable<IrValue> values, Func<IrValue, bool> isWanted)
    {
        var found = new HashSet<IrValue>();
        var seen = new HashSet<IrValue>();
        var open = new Stack<IrValue>(values);
        while (open.Count > 0)
        {
            IrValue value = open.Pop();
            if (!seen.Add(value))
            {
                continue;
            }

            if (isWanted(value))
            {
                found.Add(value);
                continue;
            }

            foreach (IrValue source in (value.Producer is { } op && !OnlyAsksForRows(op) ? op.Inputs : []).Concat(value.MergedFrom))
            {
                open.Push(source);
            }
        }

        return found;
    }

    /// <summary>True for an operation whose result is the same whatever the numbers and sizes of its input are.</summary>
    public static bool OnlyAsksForRows(IrOp op) => op is CatalogOp { Operation: { } entry } && (entry == FlowEntries.Mask || entry == AccumulatorEntries.Fill);

    /// <summary>What a loop's body reads from around it.</summary>
    public static IEnumerable<IrValue> Outside(IrFor loop)
    {
        HashSet<IrValue> own = MadeIn(loop);
        return Reads(loop.Body).Concat(loop.Carried.Select(c => c.Next)).Where(v => !own.Contains(v)).Distinct();
    }

    /// <summary>The values that belong to a loop's rounds.</summary>
    public static HashSet<IrValue> MadeIn(IrFor loop)
    {
        HashSet<IrValue> own = [.. loop.Carried.Select(c => c.Round)];
        Made(loop.Body, own);
        return own;
    }

    /// <summary>The values that a block makes.</summary>
    public static HashSet<IrValue> MadeIn(IrBlock block)
    {
        HashSet<IrValue> own = [];
        Made(block, own);
        return own;
    }

    private static void Made(IrBlock block, HashSet<IrValue> made)
    {
        foreach (IrStatement statement in block.Statements)
        {
            switch (statement)
            {
                case IrOpStatement { Op: { } op }:
                    made.UnionWith(op.Outputs);
                    break;
                case IrFor loop:
                    made.UnionWith(loop.Carried.SelectMany(c => new[] { c.Round, c.Result }));
                    Made(loop.Body, made);
                    break;
            }
        }
    }

    private static IEnumerable<IrValue> Reads(IrBlock block) => block.Statements.SelectMany(s => s switch
    {
        IrOpStatement { Op: { } op } => op.Inputs,
        IrFor loop => Reads(loop.Body).Concat(loop.Carried.SelectMany(c => new[] { c.Initial, c.Next })),
        _ => Enumerable.Empty<IrValue>(),
    });
}
