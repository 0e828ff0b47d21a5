using System.Collections.Generic;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>The features at the taps, side by side, times one matrix.</summary>
internal sealed class TensorTaps : TensorNode
{
    private readonly TapsNode _node;
    private readonly Tensor _weight;
    private readonly Tensor? _bias;
    private readonly Dictionary<(int Phase, int Class), (Tensor Weight, Tensor? Bias)> _packed = [];

    public TensorTaps(TensorExecutor executor, TapsNode node)
        : base(executor, node)
    {
        _node = node;
        (_weight, _bias) = node.Ordered();
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var (weight, bias) in _packed.Values)
        {
            weight.Dispose();
            bias?.Dispose();
        }

        _packed.Clear();
        _weight.Dispose();
        _bias?.Dispose();
    }

    protected override Tensor Compute(SiteUnit unit)
    {
        var factor = (int)_node.Read.Factor.Column;
        if (factor == 1 || unit.Count == 1)
        {
            return Phase(unit, 1);
        }

        // Columns of one phase have the same taps: each phase is one product, and they interleave.
        var result = empty([unit.Count, Value.Shape.Batch, Value.Features], Executor.Plan.Type, Executor.Plan.Device);
        for (var phase = 0; phase < factor && phase < unit.Count; phase++)
        {
            var count = (unit.Count - phase + factor - 1) / factor;
            using var part = Phase(unit with { Column = unit.Column + phase, Count = count }, factor);
            using var target = result.slice(0, phase, unit.Count, factor);
            target.copy_(part);
        }

        return result;
    }

    private Tensor Phase(SiteUnit unit, int step)
    {
        var phase = _node.Phase(unit.Row, unit.Column);
        var (weight, bias) = Packed(phase, unit.Class);
        var batch = Value.Shape.Batch;
        var taps = _node.Taps[phase];
        if (taps.Length == 0)
        {
            var constant = zeros([unit.Count, batch, weight.size(1)], Executor.Plan.Type, Executor.Plan.Device);
            return bias is null ? constant : constant.add_(bias, Held.Scalar(1));
        }

        var parts = new Tensor[taps.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = Tap(unit, step, taps[i], _node.Width(phase, i, unit.Class));
        }

        var joined = parts.Length == 1 ? parts[0] : Executor.Use(cat(parts, -1));
        using var rows = joined.reshape(unit.Count * batch, weight.size(0));
        using var product = bias is null ? rows.mm(weight) : addmm(bias, rows, weight, 1, 1);
        return product.view(unit.Count, batch, weight.size(1));
    }

    private Tensor Tap(SiteUnit unit, int step, SiteTap tap, int width)
    {
        var (rowStep, columnStep) = _node.Read.Step;
        var (rowFactor, columnFactor) = _node.Read.Factor;
        var row = (unit.Row * (int)rowStep / (int)rowFactor) + tap.Row;
        var column = (unit.Column * (int)columnStep / (int)columnFactor) + tap.Column;
        var input = Input();
        var found = _node.Read.IsOwn ? input.At(unit with { Class = -1 }) : input.Row(row, column, unit.Count, step == 1 ? (int)columnStep : 1);
        return width == input.Value.Features ? found : Executor.Use(found.narrow(-1, 0, width));
    }

    // The rows of the taps one below the other, the columns of the class.
    private (Tensor Weight, Tensor? Bias) Packed(int phase, int label)
    {
        if (_packed.TryGetValue((phase, label), out var packed))
        {
            return packed;
        }

        var first = label < 0 ? 0 : Value.Grading!.Start[label];
        var count = label < 0 ? Value.Features : Value.Grading!.Count(label);
        var taps = _node.Taps[phase];
        if (label < 0 && taps.Length == _weight.size(0) * _weight.size(1) && _node.Taps.Length == 1)
        {
            // The whole kernel, in its own order: a view.
            packed = (_weight.view(-1, count), _bias?.alias());
            _packed[(phase, label)] = packed;
            return packed;
        }

        var parts = new Tensor[taps.Length];
        for (var i = 0; i < taps.Length; i++)
        {
            using var columns = _weight[taps[i].KernelRow, taps[i].KernelColumn];
            using var rows = columns.narrow(0, 0, _node.Width(phase, i, label));
            parts[i] = rows.narrow(1, first, count);
        }

        packed = (parts.Length == 0 ? zeros([0, count], _weight.dtype, _weight.device) : cat(parts, 0), _bias?.narrow(0, first, count));
        System.Array.ForEach(parts, part => part.Dispose());
        _packed[(phase, label)] = packed;
        return packed;
    }
}
