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
    private readonly Dictionary<(IrFunction Function, int Result), (ImmutableArray<int> Parameters, ImmutableHashSet<string> Weights)> _known = [];

    /// <summary>The values that a value passes gradient to.</summary>
    public IEnumerable<IrValue> Sources(IrValue value)
    {
        IEnumerable<IrValue> inputs = value.Producer switch
        {
            null => [],
            CatalogOp { Operation.CutsGradient: true } or DrawOp or HistoryOp or ModelOp { CutsGradient: true } when !throughCuts => [],
            CatalogOp { Operation: { } operation } call when !throughCuts => call.Bindings.Where(b => operation.PassesGradientTo(b.Parameter)).Select(b => b.Value),
            GradOp grad when !throughCuts => new GradientPath(this, grad.Of, grad.At).SecondSources,
            { } op when Called(op) is { } function => Of(function, op.Outputs.IndexOf(value)).Parameters.Select(p => op.Inputs[p]),
            { } op => op.Inputs,
        };
        return inputs.Concat(value.MergedFrom);
    }

    /// <summary>The layers of a net or model, by their names in it, through whose weights a value that it returned got there.</summary>
    public ImmutableHashSet<string> Weights(IrValue value) => value.Producer is { } op && (throughCuts || op is not ModelOp { CutsGradient: true })
        && Called(op) is { } function ? Of(function, op.Outputs.IndexOf(value)).Weights : [];

    /// <summary>The same as places of a trainer, for a value that one of its nets returned; averages have none, nor nets that are called as constants.</summary>
    public IEnumerable<LearnedPlace> Places(IrValue value) =>
        value.Producer is WeightFigureOp figure ? figure.Places
        : !throughCuts && value.Producer is InvokeOp { Manner: { } manner } && manner.HasFlag(CallManner.Constant) ? []
        : value.Producer is { Called: { Root: { AverageOf: null, IsGiven: false } } net } ? Weights(value).Select(w => new LearnedPlace(net.Root, net.PathOf(w))) : [];

    public static IrFunction? Called(IrOp op) => op switch
    {
        InvokeOp invoke => invoke.Function,
        ModelOp query => query.Function,
        _ => null,
    };

    private (ImmutableArray<int> Parameters, ImmutableHashSet<string> Weights) Of(IrFunction function, int result)
    {
        if (_known.TryGetValue((function, result), out (ImmutableArray<int>, ImmutableHashSet<string>) known))
        {
            return known;
        }

        var seen = new HashSet<IrValue> { function.Results[result] };
        var open = new Stack<IrValue>(seen);
        ImmutableHashSet<string>.Builder own = ImmutableHashSet.CreateBuilder<string>();
        while (open.Count > 0)
        {
            IrValue value = open.Pop();
            switch (value.Producer)
            {
                case ReadParameterOp read:
                    own.Add(read.Layer.Name);
                    break;
                case CatalogOp { Layer: { Weights.Length: > 0 } layer }:
                    own.Add(layer.Name);
                    break;
                case { Called: { } part }:
                    own.UnionWith(Weights(value).Select(w => part.Name + "." + w));
                    break;
            }

            foreach (IrValue source in Sources(value).Where(seen.Add))
            {
                open.Push(source);
            }
        }

        return _known[(function, result)] = ([.. Enumerable.Range(0, function.Parameters.Length).Where(i => seen.Contains(function.Parameters[i]))], own.ToImmutable());
    }
}
