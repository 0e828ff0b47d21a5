using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Runs a plan by vector code on packed weights: the CPU, f32, one thread, no allocation in a step.</summary>
internal sealed unsafe class SpanExecutor : SiteMachine
{
    private readonly SpanNode?[] _nodes;
    private readonly SpanNode[][] _order;
    private readonly HashSet<SiteValue> _byRow;
    private readonly SpanNode[] _parameters;
    private readonly int[] _counts;
    private readonly double[] _gathered;
    private readonly int _numbers;
    private readonly int _width;
    private float* _zeros;
    private float* _scratch;
    private long _zeroFloats;
    private long _scratchFloats;
    private Tensor? _noise;
    private Tensor? _prefix;
    private float* _noiseStart;
    private float* _prefixStart;

    public SpanExecutor(SamplerPlan plan, Schedule schedule, SiteDraw draw, IReadOnlyList<SiteValue> parameters)
        : base(plan, schedule, draw, parameters)
    {
        _nodes = new SpanNode?[plan.Values.Count];
        _byRow = [.. schedule.Groups.Where(group => group.IsByRow).SelectMany(group => group.Nodes)];
        using var frozen = no_grad();
        foreach (var value in schedule.Constants.Append(plan.Root).Concat(schedule.Groups.SelectMany(group => group.Nodes)))
        {
            _nodes[value.Index] = NewNode(value);
        }

        _zeros = FloatMemory.Allocate(_zeroFloats);
        _scratch = FloatMemory.Allocate(_scratchFloats);
        _order = [.. schedule.Groups.Select(group => group.Nodes.Select(NodeOf).ToArray())];
        _parameters = [.. parameters.Select(NodeOf)];
        _width = Width;
        _counts = draw.ParameterCounts(_width);
        _numbers = draw.NoiseCount(_width);
        _gathered = new double[_counts.Sum()];
    }

    public override long KeptBytes => sizeof(float) * Schedule.Groups.SelectMany(group => group.Nodes).Sum(value => NodeOf(value).Floats);

    /// <summary>A row of zeros, as long as the longest.</summary>
    public float* Zeros => _zeros;

    /// <summary>Memory that a node may use while it computes.</summary>
    public float* Scratch => _scratch;

    /// <summary>True where every value of a schedule has a span form.</summary>
    public static bool CanRun(SamplerPlan plan, Schedule schedule) =>
        plan.Type == ScalarType.Float32 && plan.Device.type == DeviceType.CPU
        && schedule.Constants.Concat(schedule.Groups.SelectMany(group => group.Nodes)).All(value => value is not MapNode map || map.Kernel.HasSpanForm);

    public SpanNode NodeOf(SiteValue value) => _nodes[value.Index]!;

    public bool IsByRow(SiteValue value) => _byRow.Contains(value) || !value.DependsOnRoot;

    public void NeedZeros(long floats) => _zeroFloats = Math.Max(_zeroFloats, floats);

    public void NeedScratch(long floats) => _scratchFloats = Math.Max(_scratchFloats, floats);

    public override void Dispose()
    {
        _noise?.Dispose();
        _prefix?.Dispose();
        foreach (var node in _nodes)
        {
            node?.Dispose();
        }

        FloatMemory.Free(ref _zeros);
        FloatMemory.Free(ref _scratch);
    }

    /// <summary>Where the numbers of a tensor of f32 on the CPU are; valid as long as the tensor.</summary>
    internal static float* Start(Tensor tensor) =>
        tensor.numel() == 0 ? null : (float*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

    protected override void Begin(Tensor noise, Tensor? prefix)
    {
        _noise?.Dispose();
        _prefix?.Dispose();
        using var single = noise.to(ScalarType.Float32, CPU);
        _noise = single.contiguous();
        _noiseStart = Start(_noise);
        _prefix = null;
        if (prefix is not null)
        {
            using var known = prefix.to(ScalarType.Float32, CPU);
            _prefix = known.contiguous();
            _prefixStart = Start(_prefix);
        }

        foreach (var node in _nodes)
        {
            node?.Prepare();
        }

        foreach (var value in Schedule.Constants)
        {
            foreach (var unit in Units(value))
            {
                NodeOf(value).Compute(unit);
            }
        }
    }

    protected override void Compute(SiteGroup group, SiteUnit unit)
    {
        foreach (var node in _order[group.Index])
        {
            node.Compute(unit);
        }
    }

    protected override void DrawAt(SiteUnit unit, long position)
    {
        var samples = (int)Plan.Count;
        var target = NodeOf(Plan.Root).At(unit);
        var perPosition = Plan.IsOrdered ? Steps * _numbers : _numbers;
        var offset = Plan.IsOrdered ? unit.Class * _numbers : 0;
        for (var sample = 0; sample < samples; sample++)
        {
            var place = 0;
            for (var i = 0; i < _counts.Length; i++)
            {
                var node = _parameters[i];
                Gather(node.At(unit) + (sample * node.SampleStride(samples)), node.Width(unit), _gathered.AsSpan(place, _counts[i]));
                place += _counts[i];
            }

            var noise = new ReadOnlySpan<float>(_noiseStart + ((((sample * Plan.Positions) + position) * perPosition) + offset), _numbers);
            Draw.Draw(_gathered, noise, new Span<float>(target + (sample * Plan.Root.Features), _width));
        }
    }

    protected override void Copy(SiteUnit unit, long position)
    {
        var target = NodeOf(Plan.Root).At(unit);
        var features = Plan.Root.Features;
        for (var sample = 0; sample < Plan.Count; sample++)
        {
            for (var i = 0; i < _width; i++)
            {
                var channel = Math.Max(unit.Class, 0) + i;
                target[(sample * features) + i] = _prefixStart[(((sample * features) + channel) * Plan.Positions) + position];
            }
        }
    }

    protected override Tensor Finish()
    {
        var shape = Plan.Root.Shape;
        using var grid = empty([shape.Rows, shape.Columns, shape.Batch, shape.Features], ScalarType.Float32, CPU);
        var root = NodeOf(Plan.Root);
        var target = Start(grid);
        for (var row = 0; row < shape.Rows; row++)
        {
            new ReadOnlySpan<float>(root.Site(row, 0), (int)(shape.Columns * root.SiteStride)).CopyTo(new Span<float>(target + (row * shape.Columns * root.SiteStride), (int)(shape.Columns * root.SiteStride)));
        }

        using var turned = grid.permute(2, 3, 0, 1);
        return turned.contiguous();
    }

    // A single feature stands for all.
    private static void Gather(float* source, int width, Span<double> target)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = source[width == 1 ? 0 : i];
        }
    }

    private SpanNode NewNode(SiteValue value) => value switch
    {
        RootNode root => new SpanRoot(this, root),
        ConstantNode constant => new SpanConstant(this, constant),
        MapNode map => new SpanMap(this, map),
        TapsNode taps => new SpanTaps(this, taps),
        ShiftNode shift => new SpanShift(this, shift),
        EmbedNode embed => new SpanEmbed(this, embed),
        RecurrentNode recurrent => new SpanRecurrent(this, recurrent),
        ConcatNode concat => new SpanConcat(this, concat),
        SliceNode slice => new SpanSlice(this, slice),
        RegroupNode regroup => new SpanRegroup(this, regroup),
        _ => throw new InvalidOperationException($"Internal error of GenDsl: no span form of '{value}'."),
    };
}
