using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Runs a plan by tensor calls: any device, f32 or f64, any kernel.</summary>
internal sealed class TensorExecutor : SiteMachine
{
    private readonly TensorNode?[] _nodes;
    private readonly (TensorNode Node, TensorNode[] Last)[][] _order;
    private readonly List<Tensor> _used = [];
    private Tensor? _noise;
    private Tensor? _prefix;

    public TensorExecutor(SamplerPlan plan, Schedule schedule, SiteDraw draw, IReadOnlyList<SiteValue> parameters)
        : base(plan, schedule, draw, parameters)
    {
        _nodes = new TensorNode?[plan.Values.Count];
        using var frozen = no_grad();
        foreach (var value in schedule.Constants.Append(plan.Root).Concat(schedule.Groups.SelectMany(group => group.Nodes)))
        {
            _nodes[value.Index] = NewNode(value);
        }

        _order = [.. schedule.Groups.Select(Order)];
    }

    public override long KeptBytes => Schedule.Groups.SelectMany(group => group.Nodes).Sum(value => NodeOf(value).Bytes);

    public TensorNode NodeOf(SiteValue value) => _nodes[value.Index]!;

    /// <summary>Notes a tensor to be freed when the node at hand is done.</summary>
    public Tensor Use(Tensor tensor)
    {
        _used.Add(tensor);
        return tensor;
    }

    public override void Dispose()
    {
        _noise?.Dispose();
        _prefix?.Dispose();
        Free();
        foreach (var node in _nodes)
        {
            node?.Dispose();
        }
    }

    protected override void Begin(Tensor noise, Tensor? prefix)
    {
        _noise?.Dispose();
        _prefix?.Dispose();
        _prefix = null;

        // By position first, so that what a draw takes lies together.
        using var converted = noise.to(Plan.Type, Plan.Device);
        using var turned = converted.transpose(0, 1);
        _noise = turned.contiguous();
        if (prefix is not null)
        {
            using var known = prefix.to(Plan.Type, Plan.Device);
            using var sites = known.permute(2, 3, 0, 1);
            _prefix = sites.reshape(Plan.Positions, Plan.Count, Plan.Root.Features);
        }

        foreach (var node in _nodes)
        {
            node?.Prepare();
        }

        foreach (var value in Schedule.Constants)
        {
            foreach (var unit in Units(value))
            {
                NodeOf(value).Evaluate(unit);
                Free();
            }
        }
    }

    protected override void Compute(SiteGroup group, SiteUnit unit)
    {
        foreach (var (node, last) in _order[group.Index])
        {
            node.Evaluate(unit);
            Free();
            foreach (var done in last)
            {
                done.Release();
            }
        }
    }

    protected override void DrawAt(SiteUnit unit, long position)
    {
        var counts = Draw.ParameterCounts(Width);
        var parameters = new Tensor[counts.Length];
        for (var i = 0; i < counts.Length; i++)
        {
            var found = Use(NodeOf(Parameters[i]).At(unit).select(0, 0));
            parameters[i] = found.size(0) == Plan.Count && found.size(1) == counts[i] ? found : Use(found.expand(Plan.Count, counts[i]));
        }

        using var all = _noise!.select(0, position);
        var numbers = Draw.NoiseCount(Width);
        using var noise = Plan.IsOrdered ? all.narrow(1, unit.Class * numbers, numbers) : all.alias();
        using var values = Draw.Draw(parameters, noise);
        NodeOf(Plan.Root).Store(unit, values);
        Free();
    }

    protected override void Copy(SiteUnit unit, long position)
    {
        using var all = _prefix!.select(0, position);
        using var values = Plan.IsOrdered ? all.narrow(1, unit.Class, 1) : all.alias();
        NodeOf(Plan.Root).Store(unit, values);
        Free();
    }

    protected override Tensor Finish()
    {
        var root = (TensorRoot)NodeOf(Plan.Root);
        return root.Result();
    }

    private TensorNode NewNode(SiteValue value) => value switch
    {
        RootNode root => new TensorRoot(this, root),
        ConstantNode constant => new TensorConstant(this, constant),
        MapNode map => new TensorMap(this, map),
        TapsNode taps => new TensorTaps(this, taps),
        ShiftNode shift => new TensorShift(this, shift),
        EmbedNode embed => new TensorEmbed(this, embed),
        RecurrentNode recurrent => new TensorRecurrent(this, recurrent),
        ConcatNode concat => new TensorConcat(this, concat),
        SliceNode slice => new TensorSlice(this, slice),
        RegroupNode regroup => new TensorRegroup(this, regroup),
        _ => throw new InvalidOperationException($"Internal error of GenDsl: no tensor form of '{value}'."),
    };

    // With each node, those of the group that are read by it last and keep nothing.
    private (TensorNode Node, TensorNode[] Last)[] Order(SiteGroup group)
    {
        var last = new Dictionary<SiteValue, SiteValue>();
        foreach (var value in group.Nodes)
        {
            foreach (var read in value.Reads.Where(read => Schedule.Storage[read.Input.Index].IsTransient))
            {
                last[read.Input] = value;
            }
        }

        var ends = last.ToLookup(pair => pair.Value, pair => NodeOf(pair.Key));
        return [.. group.Nodes.Select(value => (NodeOf(value), ends[value].ToArray()))];
    }

    private void Free()
    {
        foreach (var tensor in _used)
        {
            tensor.Dispose();
        }

        _used.Clear();
    }
}
