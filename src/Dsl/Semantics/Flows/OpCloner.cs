using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Judgements.Flows;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics.Flows;

/// <summary>
/// Computes values of one block again in another, where some values are others: the operands of an update from what an
/// inverse has recovered, the law of a part from what a sampler has drawn.
/// </summary>
/// <param name="target">Where the operations go.</param>
/// <param name="loops">The loop that each value behind a loop comes from.</param>
/// <param name="rows">The rows of the copies; null to keep them.</param>
/// <param name="parent">Knows the values around a loop; null outside loops.</param>
/// <param name="isLocal">True for values that belong into this block; the others are the parent's.</param>
internal sealed class OpCloner(BodyElaborator target, IReadOnlyDictionary<IrValue, IrFor> loops, Rows? rows, OpCloner? parent = null, Func<IrValue, bool>? isLocal = null)
{
    private readonly Dictionary<IrValue, IrValue> _map = [];

    private IrValue? _like;

    /// <summary>Where the operations go.</summary>
    public BodyElaborator Target { get; } = target;

    /// <summary>A value that is there from the start: what only wants to know the device and the rows of some tensor takes this one.</summary>
    public IrValue Like
    {
        get => _like ?? parent!.Like;
        set => _like = value;
    }

    /// <summary>The loop that each value behind a loop comes from.</summary>
    public static Dictionary<IrValue, IrFor> LoopsOf(IrBlock block)
    {
        var found = new Dictionary<IrValue, IrFor>();
        void Walk(IrBlock inner)
        {
            foreach (IrFor loop in inner.Statements.OfType<IrFor>())
            {
                foreach (LoopCarried carried in loop.Carried)
                {
                    found[carried.Result] = loop;
                }

                Walk(loop.Body);
            }
        }

        Walk(block);
        return found;
    }

    /// <summary>A cloner for a block inside this one's.</summary>
    public OpCloner Inside(BodyElaborator inner, Func<IrValue, bool> local) => new(inner, loops, rows, this, local);

    /// <summary>A cloner beside the block of its values: those that are not made there are what they are.</summary>
    public static OpCloner Beside(BodyElaborator target, IrBlock block)
    {
        HashSet<IrValue> own = ValueSources.MadeIn(block);
        return new OpCloner(target, LoopsOf(block), null, null, own.Contains);
    }

    /// <summary>Says what a value is here.</summary>
    public void Map(IrValue value, IrValue here) => _map[value] = here;

    /// <summary>True where a value needs no computing here.</summary>
    public bool Knows(IrValue value) => _map.ContainsKey(value) || (parent is not null && !isLocal!(value) && parent.Knows(value));

    /// <summary>The value here, computed again where it is not known.</summary>
    public IrValue Get(IrValue value)
    {
        if (_map.TryGetValue(value, out IrValue? known))
        {
            return known;
        }

        if (isLocal is not null && !isLocal(value))
        {
            // Around everything, a value is what it is.
            return parent is null ? value : parent.Get(value);
        }

        if (loops.TryGetValue(value, out IrFor? loop))
        {
            Copy(loop);
        }
        else if (value.Producer is { } op)
        {
            Copy(op);
        }
        else
        {
            throw new InvalidOperationException($"'{value}' is not known here.");
        }

        return _map[value];
    }

    /// <summary>A type with the rows of this block.</summary>
    public TensorType TypeOf(TensorType type) => type.Rows is null || rows is null ? type : type with { Rows = rows };

    /// <summary>A new value that stands here for another.</summary>
    public IrValue Twin(IrValue value) => new(value.Name, TypeOf(value.Type), value.Span) { IsNamed = value.IsNamed };

    private void Copy(IrOp op)
    {
        IrValue[] inputs = op.Inputs.Length == 1 && ValueSources.OnlyAsksForRows(op) ? [Like] : [.. op.Inputs.Select(Get)];
        System.Collections.Immutable.ImmutableArray<IrValue> outputs = [.. op.Outputs.Select(Twin)];
        IrOp copy = op switch
        {
            CatalogOp call => new CatalogOp(call.Operation, call.Layer, [.. call.Bindings.Select((b, i) => (b.Parameter, inputs[i]))], call.Attributes, call.Access, outputs, call.Span),
            ReadParameterOp read => new ReadParameterOp(read.Layer, outputs[0], read.Span),
            InvokeOp invoke => new InvokeOp(invoke.Module, [.. inputs], outputs, invoke.Span) { IsInverse = invoke.IsInverse, Manner = invoke.Manner },
            _ => throw new InvalidOperationException(op.GetType().Name),
        };
        Target.Emit(copy);
        for (int i = 0; i < outputs.Length; i++)
        {
            _map[op.Outputs[i]] = outputs[i];
        }
    }

    private void Copy(IrFor loop)
    {
        HashSet<IrValue> own = ValueSources.MadeIn(loop);
        var block = new IrBlock();
        OpCloner inner = Inside(Target.Inner(block, new Scope(null), loop.Index), own.Contains);
        List<(LoopCarried Old, IrValue Initial, IrValue Round)> starts = [.. loop.Carried.Select(c => (c, Get(c.Initial), Twin(c.Round)))];
        foreach ((LoopCarried old, _, IrValue round) in starts)
        {
            inner.Map(old.Round, round);
        }

        var carried = new List<LoopCarried>();
        foreach ((LoopCarried old, IrValue initial, IrValue round) in starts)
        {
            IrValue next = inner.Get(old.Next);
            IrValue result = Twin(old.Result);
            round.MergedFrom.AddRange([initial, next]);
            result.MergedFrom.AddRange([initial, next]);
            carried.Add(new LoopCarried(initial, round, next, result) { IsSum = old.IsSum });
            _map[old.Result] = result;
        }

        Target.Block.Statements.Add(new IrFor(loop.Index, block, [.. carried], loop.Span) { IsBackwards = loop.IsBackwards });
    }
}
