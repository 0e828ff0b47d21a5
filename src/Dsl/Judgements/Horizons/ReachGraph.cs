using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ir.Horizons;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Judgements.Horizons;

/// <summary>How deep a net is taken to be.</summary>
public enum SightDepth
{
    /// <summary>As deep as it is.</summary>
    AsWritten,

    /// <summary>Loops run until nothing more comes into sight.</summary>
    AnyRounds,

    /// <summary>Layers that keep sites in place are repeated too, so that what stays unseen is unseen at any depth.</summary>
    AnyDepth,
}

/// <summary>A body at known sizes, its calls followed and its loops laid out: which sites are read by which.</summary>
internal sealed class ReachGraph
{
    private readonly DrawOrder _order;
    private readonly SightDepth _depth;
    private readonly HashSet<IrValue> _given;

    private ReachGraph(DrawOrder order, SightDepth depth, IEnumerable<IrValue> given) => (_order, _depth, _given) = (order, depth, [.. given]);

    // A size that the frame does not know: nothing can be laid out.
    private bool _isUnknown;

    /// <summary>The nodes of the values of a body; null where some size is not known.</summary>
    /// <param name="block">The statements.</param>
    /// <param name="chart">The root.</param>
    /// <param name="order">Its order.</param>
    /// <param name="others">Values that know nothing of it.</param>
    /// <param name="frame">All sizes that occur, as numbers.</param>
    /// <param name="depth">How deep.</param>
    public static Dictionary<IrValue, ReachNode>? Of(IrBlock block, RootChart chart, DrawOrder order, IEnumerable<IrValue> others, SizeFrame frame, SightDepth depth)
    {
        Dictionary<IrValue, Horizon> known = chart.Known(order, frame);
        var graph = new ReachGraph(order, depth, known.Keys.Concat(others));
        var nodes = new Dictionary<IrValue, ReachNode> { [chart.Root] = NodeOf(known[chart.Root], frame.Of(chart.Root.Type.Shape)) };
        if (known.TryGetValue(chart.Data, out Horizon? undone) && chart.Data != chart.Root)
        {
            ReachNode data = nodes[chart.Data] = NodeOf(undone, frame.Of(chart.Data.Type.Shape));
            data.Inputs.Add((nodes[chart.Root], SiteReads.Of(new RearrangeAccess(Rearrangement.Reshape), [], nodes[chart.Root], data)));
        }

        try
        {
            graph.Walk(block, nodes, frame);
        }
        catch (System.OverflowException)
        {
            // A dilation beyond all integers, in a round that no data are long enough for: nothing can be laid out.
            return null;
        }

        return graph._isUnknown ? null : nodes;
    }

    private static ReachNode NodeOf(Horizon horizon, ImmutableArray<Dim> shape) =>
        new(horizon, [.. horizon.Carriers.Take(horizon.Order.Sites).Select(c => c is null ? 1 : c.Classes?.Value ?? shape[c.Axis].Value!.Value)]);

    private void Walk(IrBlock block, Dictionary<IrValue, ReachNode> nodes, SizeFrame frame)
    {
        foreach (IrStatement statement in block.Statements)
        {
            switch (statement)
            {
                case IrOpStatement { Op: { } op } when op.Inputs.Any(nodes.ContainsKey):
                    Add(op, nodes, frame);
                    break;
                case IrFor loop:
                    Add(loop, nodes, frame);
                    break;
            }
        }
    }

    private void Add(IrOp op, Dictionary<IrValue, ReachNode> nodes, SizeFrame frame)
    {
        if (op is InvokeOp { Function: { } forward } invoke)
        {
            var inside = new Dictionary<IrValue, ReachNode>();
            for (int i = 0; i < op.Inputs.Length; i++)
            {
                if (nodes.TryGetValue(op.Inputs[i], out ReachNode? input))
                {
                    inside[forward.Parameters[i]] = input;
                }
            }

            Walk(forward.Body, inside, frame.Inside(invoke, forward));
            for (int i = 0; i < op.Outputs.Length; i++)
            {
                if (inside.TryGetValue(forward.Results[i], out ReachNode? result))
                {
                    nodes[op.Outputs[i]] = result;
                }
            }

            return;
        }

        // All parts of a family are one node, as in HorizonAnalysis. What has no case reads everything.
        AccessTransfer transfer = op is CatalogOp call
            ? HorizonAnalysis.TransferOf(call, frame)
            : new(op is DrawOp or FamilyWriteOp or FamilyReadOp or FamilySliceOp ? Access.Pointwise : Access.Everything, [.. op.Inputs.Select(i => frame.Of(i.Type.Shape))], [.. op.Outputs.Select(o => frame.Of(o.Type.Shape))]);
        if (transfer.Inputs.Concat(transfer.Outputs).SelectMany(s => s).Concat(SizesOf(transfer.Access)).Any(d => d.Value is null))
        {
            _isUnknown = true;
            return;
        }

        ImmutableArray<Horizon> horizons = [.. op.Inputs.Select(i => nodes.TryGetValue(i, out ReachNode? known) ? known.Horizon : Horizon.None(_order))];
        for (int o = 0; o < op.Outputs.Length; o++)
        {
            Horizon horizon = transfer.Of(horizons, o);
            if (horizon.IsNone || _given.Contains(op.Outputs[o]))
            {
                continue;
            }

            ReachNode node = NodeOf(horizon, transfer.Outputs[o]);
            for (int i = 0; i < op.Inputs.Length; i++)
            {
                if (nodes.TryGetValue(op.Inputs[i], out ReachNode? input))
                {
                    node.Inputs.Add((input, SiteReads.Of(transfer.Access, transfer.Inputs[i], input, node)));
                }
            }

            // Behind a mask A stand as many of mask B as one likes.
            if (_depth == SightDepth.AnyDepth && transfer.Access is TapsAccess { IsPerFeature: false } taps
                && taps.Axes.All(a => a.Stride.Value == 1) && node.Inputs.Count == 1 && node.Inputs[0].Input.Sites.SequenceEqual(node.Sites))
            {
                node.Inputs.Add((node, SiteReads.Of(taps with { Mask = taps.Mask is { } mask ? mask with { IsStrict = false } : null }, transfer.Inputs[0], node, node)));
            }

            nodes[op.Outputs[o]] = node;
        }
    }

    private void Add(IrFor loop, Dictionary<IrValue, ReachNode> nodes, SizeFrame frame)
    {
        if (frame.Of(loop.Index.From).Value is not { } from || frame.Of(loop.Index.To).Value is not { } to)
        {
            _isUnknown = true;
            return;
        }

        ReachNode?[] state = [.. loop.Carried.Select(c => nodes.TryGetValue(c.Initial, out ReachNode? known) ? known : null)];
        if (_depth != SightDepth.AsWritten && to > from)
        {
            state = AnyRounds(loop, nodes, frame, state, from, to);
        }
        else
        {
            for (long i = from; i < to; i++)
            {
                state = Round(loop, nodes, frame, state, i);
            }
        }

        for (int k = 0; k < state.Length; k++)
        {
            Set(nodes, loop.Carried[k].Result, state[k]);
        }
    }

    private ReachNode?[] Round(IrFor loop, Dictionary<IrValue, ReachNode> nodes, SizeFrame frame, ReachNode?[] state, long index)
    {
        var inside = new Dictionary<IrValue, ReachNode>(nodes);
        for (int k = 0; k < state.Length; k++)
        {
            Set(inside, loop.Carried[k].Round, state[k]);
        }

        Walk(loop.Body, inside, frame.Round(loop.Index, index));
        return [.. loop.Carried.Select(c => inside.TryGetValue(c.Next, out ReachNode? known) ? known : null)];
    }

    // One node for what a value is in any round. Which values the loop touches at all is known after as many rounds as it carries.
    private ReachNode?[] AnyRounds(IrFor loop, Dictionary<IrValue, ReachNode> nodes, SizeFrame frame, ReachNode?[] initial, long from, long to)
    {
        ReachNode?[] shapes = initial;
        for (int k = 0; k < initial.Length; k++)
        {
            shapes = [.. Round(loop, nodes, frame, shapes, from).Zip(shapes, (next, old) => old ?? next)];
        }

        ReachNode?[] any = [.. shapes.Select(s => s is null ? null : new ReachNode(s.Horizon, s.Sites))];
        for (int k = 0; k < any.Length; k++)
        {
            Join(any[k], initial[k]);
        }

        // Rounds that are all alike need to be laid out once.
        for (long i = from; i < (Mentions(loop.Body, loop.Index.Variable.Name) ? to : from + 1); i++)
        {
            ReachNode?[] next = Round(loop, nodes, frame, any, i);
            for (int k = 0; k < any.Length; k++)
            {
                Join(any[k], next[k]);
            }
        }

        return any;
    }

    private static bool Mentions(IrBlock block, string index)
    {
        bool Any(IEnumerable<Dim> sizes) => sizes.SelectMany(d => d.Variables).Any(v => v.Kind == DimVariableKind.Index && v.Name == index);
        return block.Statements.Any(s => s switch
        {
            IrOpStatement { Op: CatalogOp op } => Any(SizesOf(op.Access).Concat(op.Outputs.SelectMany(o => o.Type.Shape))),
            IrOpStatement { Op: InvokeOp op } => Any(op.Module.Hyperparameters.Values.Select(h => h.Size).OfType<Dim>().Concat(op.Module.FreeSizes.Values)),
            IrOpStatement { Op: ReadParameterOp } => false,
            IrFor loop => Any([loop.Index.From, loop.Index.To]) || Mentions(loop.Body, index),
            _ => true,
        });
    }

    private static IEnumerable<Dim> SizesOf(Access access) => access switch
    {
        TapsAccess taps => taps.Axes.SelectMany(a => new[] { a.Stride, a.Kernel, a.Dilation, a.Before }),
        ClassesAccess classes => [classes.Order],
        _ => [],
    };

    private static void Join(ReachNode? any, ReachNode? one)
    {
        if (any is not null && one is not null)
        {
            bool isAlike = any.Sites.SequenceEqual(one.Sites) && any.Horizon.Carriers.SequenceEqual(one.Horizon.Carriers);
            any.Inputs.Add((one, isAlike ? site => [site] : _ => one.All()));
        }
    }

    private static void Set(Dictionary<IrValue, ReachNode> nodes, IrValue value, ReachNode? node)
    {
        if (node is null)
        {
            nodes.Remove(value);
        }
        else
        {
            nodes[value] = node;
        }
    }
}
