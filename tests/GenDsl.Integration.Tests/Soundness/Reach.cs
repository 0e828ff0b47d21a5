using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Ir;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>
/// Which parameters and inputs a value gets gradient from, found by running a function on sets instead of tensors: with
/// the real loop bounds, round by round, through the nets it calls. Independent of the compiler's own judgement.
/// </summary>
internal sealed class Reach
{
    private readonly Dictionary<IrValue, ImmutableHashSet<string>> _sets = [];
    private readonly SizeValues _sizes;
    private readonly bool _throughCuts;

    private Reach(SizeValues sizes, bool throughCuts) => (_sizes, _throughCuts) = (sizes, throughCuts);

    /// <summary>For each result, what it reaches: <c>#0</c> for the first parameter, otherwise paths of layers.</summary>
    /// <param name="throughCuts">Whether what stops gradients is passed: then what a result depends on at all.</param>
    public static ImmutableArray<ImmutableHashSet<string>> Of(IrFunction function, SizeValues sizes, bool throughCuts = false)
    {
        var reach = new Reach(sizes, throughCuts);
        for (int i = 0; i < function.Parameters.Length; i++)
        {
            reach._sets[function.Parameters[i]] = ["#" + Text(i)];
        }

        reach.Run(function.Body);
        return [.. function.Results.Select(r => reach._sets[r])];
    }

    /// <summary>True where a state tensor belongs to one of the layers.</summary>
    public static bool Holds(IEnumerable<string> reached, string state) => reached.Any(path => state == path || state.StartsWith(path + ".", StringComparison.Ordinal));

    private void Run(IrBlock block)
    {
        foreach (IrStatement statement in block.Statements)
        {
            switch (statement)
            {
                case IrOpStatement { Op: { } op }:
                    Run(op);
                    break;
                case IrFor loop:
                    Run(loop);
                    break;
            }
        }
    }

    private void Run(IrFor loop)
    {
        ImmutableHashSet<string>[] carried = [.. loop.Carried.Select(c => _sets[c.Initial])];
        for (long i = _sizes.Of(loop.Index.From); i < _sizes.Of(loop.Index.To); i++)
        {
            _sizes.Set(loop.Index.Variable.Name, i);
            for (int c = 0; c < carried.Length; c++)
            {
                _sets[loop.Carried[c].Round] = carried[c];
            }

            Run(loop.Body);
            carried = [.. loop.Carried.Select(c => _sets[c.Next])];
        }

        for (int c = 0; c < carried.Length; c++)
        {
            _sets[loop.Carried[c].Result] = carried[c];
        }
    }

    private void Run(IrOp op)
    {
        ImmutableHashSet<string> inputs = [.. op.Inputs.SelectMany(i => _sets[i])];
        for (int i = 0; i < op.Outputs.Length; i++)
        {
            _sets[op.Outputs[i]] = op switch
            {
                CatalogOp { Operation.CutsGradient: true } or DrawOp { Kind: DrawKind.Bernoulli } or ModelOp { Query: ModelQuery.Draw } when !_throughCuts => [],
                CatalogOp { Layer: { } layer } => inputs.Add(layer.Name + Indices(layer.Loops)),
                ReadParameterOp read => [read.Layer.Name + Indices(read.Layer.Loops)],
                InvokeOp { Module.Module: IrNet { Forward: { } forward } } call => Through(call.Module, forward, i, op.Inputs),
                ModelOp { Module.Module: IrModel model } query => Through(query.Module, Function(model, query.Query), i, op.Inputs),
                _ => inputs,
            };
        }
    }

    private ImmutableHashSet<string> Through(ModuleInstance module, IrFunction function, int result, ImmutableArray<IrValue> inputs)
    {
        string path = module.Name + Indices(module.Loops);
        return [.. Of(function, _sizes.Inside(module), _throughCuts)[result].SelectMany(p => p[0] == '#' ? _sets[inputs[int.Parse(p.AsSpan(1), CultureInfo.InvariantCulture)]] : [path + "." + p])];
    }

    private static IrFunction Function(IrModel model, ModelQuery query) => query switch
    {
        ModelQuery.LogProb => model.LogProb!,
        ModelQuery.Elbo => model.Elbo!,
        ModelQuery.Loss => model.Loss!,
        _ => model.Draw!,
    };

    // As the runtime names what stands in loops: name.i, name.i.round.j.
    private string Indices(IEnumerable<LoopIndex> loops) =>
        string.Join(".round", loops.Select(l => "." + Text(_sizes.Of(GenDsl.Dsl.Shapes.Dim.Of(l.Variable)))));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
