using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Tests.Judgements;

/// <summary>
/// The dependencies of every number of every value on every number of the root, computed one by one: what the horizon
/// algebra is measured against. Knows nothing of it. Calls are followed and loops run; what it has no case for, it throws at.
/// </summary>
internal sealed class ReferenceReach(IReadOnlyDictionary<string, long> sizes)
{
    private readonly Dictionary<IrValue, Reached> _values = [];

    // A tensor: for each number, the numbers of the root that it depends on, as bits. A family: its tensors.
    private sealed record Reached(ulong[][] Numbers)
    {
        public ImmutableDictionary<long, ulong[][]> Members { get; init; } = ImmutableDictionary<long, ulong[][]>.Empty;
    }

    /// <summary>Runs a body on a root, whose numbers know themselves.</summary>
    public ReferenceReach Run(IEnumerable<IrStatement> statements, IrValue root)
    {
        int count = Count(Shape(root));
        Words = (count + 63) / 64;
        ulong[][] self = Nothing(count);
        for (int i = 0; i < count; i++)
        {
            self[i][i / 64] = 1UL << (i % 64);
        }

        _values[root] = new(self);
        Walk(statements, _values, sizes);
        return this;
    }

    private int Words { get; set; }

    /// <summary>The numbers of the root that number <paramref name="index"/> of a value depends on.</summary>
    public IEnumerable<int> Of(IrValue value, int index)
    {
        ulong[] bits = Known(value, _values, sizes).Numbers[index];
        return Enumerable.Range(0, Words * 64).Where(i => (bits[i / 64] >> (i % 64) & 1) == 1);
    }

    public long[] Shape(IrValue value) => Shape(value, sizes);

    public static int Count(long[] shape) => (int)shape.Aggregate(1L, (a, b) => a * b);

    private static long[] Shape(IrValue value, IReadOnlyDictionary<string, long> at) => [.. value.Type.Shape.Select(d => Size(d, at))];

    private static long Size(Dim dim, IReadOnlyDictionary<string, long> at) => ReferenceReads.Size(dim, at);

    private ulong[][] Nothing(int count) => [.. Enumerable.Range(0, count).Select(_ => new ulong[Words])];

    // A value that nothing computes and that no loop carries is a parameter other than the root: it knows nothing of it.
    private Reached Known(IrValue value, Dictionary<IrValue, Reached> values, IReadOnlyDictionary<string, long> at) =>
        values.TryGetValue(value, out Reached? known) ? known
        : value.Producer is null && value.MergedFrom.Count == 0 ? new(Nothing(Count(Shape(value, at))))
        : throw new InvalidOperationException($"'{value}' is read before it is computed.");

    private void Walk(IEnumerable<IrStatement> statements, Dictionary<IrValue, Reached> values, IReadOnlyDictionary<string, long> at)
    {
        foreach (IrStatement statement in statements)
        {
            switch (statement)
            {
                case IrOpStatement { Op: { } op }:
                    Compute(op, values, at);
                    break;
                case IrFor loop:
                    Reached[] state = [.. loop.Carried.Select(c => Known(c.Initial, values, at))];
                    for (long i = Size(loop.Index.From, at); i < Size(loop.Index.To, at); i++)
                    {
                        Set(values, loop.Carried.Select(c => c.Round), state);
                        var round = new Dictionary<string, long>(at) { [loop.Index.Variable.Name] = i };
                        Walk(loop.Body.Statements, values, round);
                        state = [.. loop.Carried.Select(c => Known(c.Next, values, round))];
                    }

                    Set(values, loop.Carried.Select(c => c.Result), state);
                    break;
                default:
                    throw new NotSupportedException($"The reference has no case for {statement.GetType().Name}.");
            }
        }
    }

    private static void Set(Dictionary<IrValue, Reached> values, IEnumerable<IrValue> names, Reached[] state)
    {
        foreach ((IrValue name, Reached value) in names.Zip(state))
        {
            values[name] = value;
        }
    }

    private void Compute(IrOp op, Dictionary<IrValue, Reached> values, IReadOnlyDictionary<string, long> at)
    {
        Reached[] inputs = [.. op.Inputs.Select(i => Known(i, values, at))];
        switch (op)
        {
            case CatalogOp call:
                for (int o = 0; o < op.Outputs.Length; o++)
                {
                    values[op.Outputs[o]] = new(Computed(call, inputs, o, at));
                }

                break;
            case InvokeOp { Module.Module: IrNet { Forward: { } forward } } invoke:
                IReadOnlyDictionary<string, long> inside = Inside(invoke, forward, at);
                var own = new Dictionary<IrValue, Reached>();
                Set(own, forward.Parameters, inputs);
                Walk(forward.Body.Statements, own, inside);
                Set(values, op.Outputs, [.. forward.Results.Select(r => Known(r, own, inside))]);
                break;
            case ReadParameterOp:
                values[op.Outputs[0]] = new(Nothing(Count(Shape(op.Outputs[0], at))));
                break;
            case FamilyOp:
                values[op.Outputs[0]] = new([]);
                break;
            case FamilyWriteOp write:
                values[op.Outputs[0]] = new([]) { Members = inputs[0].Members.Add(Size(write.Index, at), inputs[1].Numbers) };
                break;
            case FamilyReadOp read:
                values[op.Outputs[0]] = new(inputs[0].Members[Size(read.Index, at)]);
                break;
            case FamilySliceOp slice:
                long from = Size(slice.From, at);
                values[op.Outputs[0]] = new([])
                {
                    Members = inputs[0].Members.Where(m => m.Key >= from && m.Key < Size(slice.To, at)).ToImmutableDictionary(m => m.Key - from, m => m.Value),
                };
                break;
            default:
                throw new NotSupportedException($"The reference has no case for {op.GetType().Name}.");
        }
    }

    private ulong[][] Computed(CatalogOp op, Reached[] inputs, int output, IReadOnlyDictionary<string, long> at)
    {
        var reads = new ReferenceReads(op, [.. op.Inputs.Select(i => Shape(i, at))], at);
        long[] shape = Shape(op.Outputs[output], at);
        var result = new ulong[Count(shape)][];
        int features = reads.AreFeaturesAlike && shape.Length > 1 ? result.Length / (int)shape[0] : result.Length;
        for (int i = 0; i < result.Length; i++)
        {
            if (i >= features)
            {
                result[i] = result[i - features];
                continue;
            }

            result[i] = new ulong[Words];
            foreach ((int input, int index) in reads.Of(shape, i, output))
            {
                ulong[] read = inputs[input].Numbers[index];
                for (int w = 0; w < Words; w++)
                {
                    result[i][w] |= read[w];
                }
            }
        }

        return result;
    }

    // The sizes of a net's own text: its hyperparameters, and the free sizes that stand alone in the types of its parameters.
    private static Dictionary<string, long> Inside(InvokeOp invoke, IrFunction forward, IReadOnlyDictionary<string, long> at)
    {
        ModuleInstance instance = invoke.Module;
        var inside = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (Hyperparameter hyperparameter in instance.Module.Hyperparameters.Where(h => h.Kind == HostKind.Int))
        {
            inside[hyperparameter.Name] = instance.Hyperparameters.TryGetValue(hyperparameter.Name, out HostValue? given) ? Size(given.Size!, at) : Size(hyperparameter.Default!.Size!, inside);
        }

        foreach ((string name, Dim size) in instance.FreeSizes)
        {
            inside[name] = Size(size, at);
        }

        foreach ((TensorType wanted, TensorType given) in forward.Parameters.Zip(invoke.Inputs, (p, i) => (p.Type, i.Type)))
        {
            IEnumerable<(Dim Wanted, Dim Given)> axes = wanted.Shape.Zip(given.Shape);
            foreach ((Dim name, Dim size) in wanted.Members is null ? axes : axes.Prepend((wanted.Members, given.Members!)))
            {
                if (name.AsVariable is { } variable)
                {
                    inside.TryAdd(variable.Name, Size(size, at));
                }
            }
        }

        return inside;
    }
}
