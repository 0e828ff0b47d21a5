using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>
/// Which parameters and inputs a value gets gradient from, found by running a function on sets instead of tensors: with
/// the real loop bounds, round by round, through the nets it calls. Independent of the compiler's own judgement.
/// </summary>
internal sealed class Reach
{
    private readonly Dictionary<IrValue, ImmutableHashSet<string>> _sets = [];

    // The parts of families, by the value that began each.
    private readonly Dictionary<IrValue, ImmutableHashSet<string>?[]> _families = [];
    private readonly SizeValues _sizes;
    private readonly bool _throughCuts;

    private Reach(SizeValues sizes, bool throughCuts) => (_sizes, _throughCuts) = (sizes, throughCuts);

    /// <summary>For each result, what it reaches: <c>#0</c> for the first parameter, otherwise paths of layers. A family counts as its parts, one after the other.</summary>
    /// <param name="throughCuts">Whether what stops gradients is passed: then what a result depends on at all.</param>
    public static ImmutableArray<ImmutableHashSet<string>> Of(IrFunction function, SizeValues sizes, bool throughCuts = false)
    {
        var reach = new Reach(sizes, throughCuts);
        int next = 0;
        foreach (IrValue parameter in function.Parameters)
        {
            if (parameter.Type.Members is { } members)
            {
                reach._families[parameter] = [.. Enumerable.Range(0, (int)sizes.Of(members)).Select(_ => ImmutableHashSet.Create("#" + Text(next++)))];
            }
            else
            {
                reach._sets[parameter] = ["#" + Text(next++)];
            }
        }

        reach.Run(function.Body);
        return [.. function.Results.SelectMany(reach.Parts)];
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
        LoopCarried[] tensors = [.. loop.Carried.Where(c => c.Initial.Type.Members is null)];
        ImmutableHashSet<string>[] carried = [.. tensors.Select(c => _sets[c.Initial])];
        for (long i = _sizes.Of(loop.Index.From); i < _sizes.Of(loop.Index.To); i++)
        {
            _sizes.Set(loop.Index.Variable.Name, i);
            for (int c = 0; c < carried.Length; c++)
            {
                _sets[tensors[c].Round] = carried[c];
            }

            Run(loop.Body);
            carried = [.. tensors.Select(c => _sets[c.Next])];
        }

        for (int c = 0; c < carried.Length; c++)
        {
            _sets[tensors[c].Result] = carried[c];
        }
    }

    private ImmutableHashSet<string>[] Parts(IrValue value) => value.Type.Members is null ? [_sets[value]] : [.. _families[value.Root].Select(p => p ?? throw new UnsoundException($"A part of '{value.Name}' was never written."))];

    private void Run(IrOp op)
    {
        switch (op)
        {
            case FamilyOp family:
                _families[op.Outputs[0]] = new ImmutableHashSet<string>?[_sizes.Of(family.Count)];
                return;
            case FamilyWriteOp write:
                _families[op.Inputs[0].Root][_sizes.Of(write.Index)] = _sets[op.Inputs[1]];
                return;
            case FamilyReadOp read:
                _sets[op.Outputs[0]] = Part(op.Inputs[0].Root, _sizes.Of(read.Index));
                return;
            case FamilySliceOp slice:
                _families[op.Outputs[0]] = _families[op.Inputs[0].Root][(int)_sizes.Of(slice.From)..(int)_sizes.Of(slice.To)];
                return;
            case InvokeOp { Function: { } forward } call:
                Keep(op, Through(call.Module, forward, op.Inputs));
                return;
            case ModelOp { Module.Module: IrModel model } query when _throughCuts || query.Query != ModelQuery.Draw:
                Keep(op, Through(query.Module, Function(model, query.Query), op.Inputs));
                return;
        }

        ImmutableHashSet<string> inputs = [.. op.Inputs.SelectMany(i => _sets[i])];
        for (int i = 0; i < op.Outputs.Length; i++)
        {
            _sets[op.Outputs[i]] = op switch
            {
                CatalogOp { Operation.CutsGradient: true } or DrawOp { Kind: DrawKind.Bernoulli } or ModelOp { Query: ModelQuery.Draw } when !_throughCuts => [],
                CatalogOp { Layer: null, Operation: { } operation } call when !_throughCuts => [.. call.Bindings.Where(b => operation.PassesGradientTo(b.Parameter)).SelectMany(b => _sets[b.Value])],
                CatalogOp { Layer: { } layer } => inputs.Add(layer.Name + Indices(layer.Loops)),
                ReadParameterOp read => [read.Layer.Name + Indices(read.Layer.Loops)],
                _ => inputs,
            };
        }
    }

    private ImmutableHashSet<string> Part(IrValue family, long index) => _families[family][index] ?? throw new UnsoundException($"Part {index} of '{family.Name}' is read before it is written.");

    // The results of a call, families part by part.
    private void Keep(IrOp op, ImmutableArray<ImmutableHashSet<string>> results)
    {
        int next = 0;
        foreach (IrValue output in op.Outputs)
        {
            if (output.Type.Members is { } members)
            {
                int count = (int)_sizes.Of(members);
                _families[output] = [.. results.Skip(next).Take(count)];
                next += count;
            }
            else
            {
                _sets[output] = results[next++];
            }
        }
    }

    private ImmutableArray<ImmutableHashSet<string>> Through(ModuleInstance module, IrFunction function, ImmutableArray<IrValue> inputs)
    {
        string path = module.Name + Indices(module.Loops);
        ImmutableHashSet<string>[] parts = [.. inputs.SelectMany(Parts)];
        SizeValues inside = _sizes.Inside(module);

        // How long a family is shows in what is given.
        foreach ((IrValue parameter, IrValue given) in function.Parameters.Zip(inputs).Where(p => p.First.Type.Members?.AsVariable is not null))
        {
            inside.Set(parameter.Type.Members!.AsVariable!.Name, _families[given.Root].Length);
        }

        return [.. Of(function, inside, _throughCuts).Select(reached => reached.SelectMany(p => p[0] == '#' ? parts[int.Parse(p.AsSpan(1), CultureInfo.InvariantCulture)] : [path + "." + p]).ToImmutableHashSet())];
    }

    private static IrFunction Function(IrModel model, ModelQuery query) => query switch
    {
        ModelQuery.LogProb => model.LogProb!,
        ModelQuery.Elbo => model.Elbo!,
        ModelQuery.Propose => model.Propose!,
        ModelQuery.Loss => model.Loss!,
        _ => model.Draw!,
    };

    // As the runtime names what stands in loops: name.i, name.i.round.j.
    private string Indices(IEnumerable<LoopIndex> loops) =>
        string.Join(".round", loops.Select(l => "." + Text(_sizes.Of(GenDsl.Dsl.Shapes.Dim.Of(l.Variable)))));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
