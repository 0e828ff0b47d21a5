using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;

namespace GenDsl.Dsl.Judgements;

/// <summary>What a value gets gradient from, through the nets and models it is computed with.</summary>
/// <param name="throughCuts">Whether what stops gradients is passed: then what a value depends on at all.</param>
internal sealed class FunctionFlow(bool throughCuts)
{
    private readonly Dictionary<(IrFunction Function, int Result), (ImmutableArray<int> Parameters, bool OwnWeights)> _known = [];

    /// <summary>The values that a value passes gradient to.</summary>
    public IEnumerable<IrValue> Sources(IrValue value)
    {
        IEnumerable<IrValue> inputs = value.Producer switch
        {
            null => [],
            CatalogOp { Operation.CutsGradient: true } or DrawOp or ModelOp { CutsGradient: true } when !throughCuts => [],
            { } op when Called(op) is { } function => Of(function, op.Outputs.IndexOf(value)).Parameters.Select(p => op.Inputs[p]),
            { } op => op.Inputs,
        };
        return inputs.Concat(value.MergedFrom);
    }

    /// <summary>True where a value that a net or model returned got there through that module's own weights.</summary>
    public bool OwnWeights(IrValue value) => value.Producer is { } op && (throughCuts || op is not ModelOp { CutsGradient: true })
        && Called(op) is { } function && Of(function, op.Outputs.IndexOf(value)).OwnWeights;

    private static IrFunction? Called(IrOp op) => op switch
    {
        InvokeOp invoke => invoke.Function,
        ModelOp query => query.Function,
        _ => null,
    };

    private (ImmutableArray<int> Parameters, bool OwnWeights) Of(IrFunction function, int result)
    {
        if (_known.TryGetValue((function, result), out (ImmutableArray<int>, bool) known))
        {
            return known;
        }

        var seen = new HashSet<IrValue> { function.Results[result] };
        var open = new Stack<IrValue>(seen);
        bool own = false;
        while (open.Count > 0)
        {
            IrValue value = open.Pop();
            own |= value.Producer is ReadParameterOp or CatalogOp { Layer.Weights.Length: > 0 } || OwnWeights(value);
            foreach (IrValue source in Sources(value).Where(seen.Add))
            {
                open.Push(source);
            }
        }

        return _known[(function, result)] = ([.. Enumerable.Range(0, function.Parameters.Length).Where(i => seen.Contains(function.Parameters[i]))], own);
    }
}
