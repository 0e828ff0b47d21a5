using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>The features at the taps are gathered side by side, for some sites at a time, and meet the packed weights.</summary>
internal sealed unsafe class SpanTaps : SpanNode
{
    private const int BlockFloats = 1 << 16;

    private readonly SpanNode? _input;
    private readonly TapsNode _node;
    private readonly PackedMatrix[][] _matrices;
    private readonly (int Row, int Column, int Sites)[][] _runs;
    private readonly int _blockRows;

    public SpanTaps(SpanExecutor executor, TapsNode node)
        : base(executor, node)
    {
        _node = node;
        _input = node.Reads.Count == 0 ? null : executor.NodeOf(node.Input);
        _matrices = Pack(node);
        _runs = [.. node.Taps.Select(Runs)];
        var widest = _matrices.Max(phase => phase.Max(matrix => matrix.Inputs));
        _blockRows = Math.Max(Batch, BlockFloats / Math.Max(widest, 1) / Batch * Batch);
        executor.NeedScratch((long)Math.Min(_blockRows, Batch * node.Shape.Columns) * widest);
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var matrix in _matrices.SelectMany(phase => phase))
        {
            matrix.Dispose();
        }
    }

    public override void Compute(in SiteUnit unit)
    {
        // Columns of one phase have the same taps.
        var factor = (int)_node.Read.Factor.Column;
        var step = Math.Min(factor, unit.Count);
        for (var phase = 0; phase < step; phase++)
        {
            Phase(unit with { Column = unit.Column + phase, Count = (unit.Count - phase + factor - 1) / factor }, factor);
        }
    }

    private void Phase(in SiteUnit unit, int factor)
    {
        var phase = _node.Phase(unit.Row, unit.Column);
        var matrix = _matrices[phase][Math.Max(unit.Class, 0)];
        var target = At(unit);
        if (matrix.Outputs == 0)
        {
            return;
        }

        var sites = Math.Max(1, _blockRows / Batch);
        for (var first = 0; first < unit.Count; first += sites)
        {
            var count = Math.Min(sites, unit.Count - first);
            var block = unit with { Column = unit.Column + (first * factor), Count = count };
            var x = Gather(block, phase, matrix.Inputs, factor, out var stride);
            var y = target + (first * factor * SiteStride);
            if (factor == 1)
            {
                matrix.Multiply(x, stride, count * Batch, y, Features);
                continue;
            }

            for (var site = 0; site < count; site++)
            {
                matrix.Multiply(x + ((long)site * Batch * stride), stride, Batch, y + (site * factor * SiteStride), Features);
            }
        }
    }

    // Rows of all that the taps read; where that lies together already, as it lies.
    private float* Gather(in SiteUnit unit, int phase, int width, int factor, out int stride)
    {
        stride = width;
        if (_input is null || width == 0)
        {
            return Executor.Scratch;
        }

        var columnStep = (int)_node.Read.Step.Column;
        var row = unit.Row * (int)_node.Read.Step.Row / (int)_node.Read.Factor.Row;
        var column = unit.Column * columnStep / (int)_node.Read.Factor.Column;
        var runs = _runs[phase];
        var from = _input.Features;
        var isStepped = unit.Count > 1 && columnStep > 1;
        if (_node.Read.IsOwn)
        {
            stride = from;
            return _input.At(unit with { Class = -1 });
        }

        if (runs.Length == 1 && !isStepped && (runs[0].Sites == 1 || (Batch == 1 && unit.Count == 1)))
        {
            stride = from;
            return _input.Site(row + runs[0].Row, column + runs[0].Column);
        }

        var scratch = Executor.Scratch;
        var place = 0;
        foreach (var run in runs)
        {
            // What the last tap reads of its own site may end in the middle of the features.
            var length = Math.Min(run.Sites * from, width - place);
            var source = _input.Site(row + run.Row, column + run.Column);
            var siteStep = columnStep * _input.SiteStride;
            for (var site = 0; site < unit.Count; site++)
            {
                var start = source + (site * siteStep);
                var target = scratch + ((long)site * Batch * width) + place;
                if (Batch == 1)
                {
                    Copy(start, target, length);
                    continue;
                }

                for (var sample = 0; sample < Batch; sample++)
                {
                    var left = length;
                    for (var tap = 0; tap < run.Sites; tap++, left -= from)
                    {
                        Copy(start + (tap * _input.SiteStride) + (sample * from), target + ((long)sample * width) + (tap * from), Math.Min(from, left));
                    }
                }
            }

            place += length;
        }

        return scratch;
    }

    // Taps next to each other in a row lie together in memory.
    private static (int Row, int Column, int Sites)[] Runs(SiteTap[] taps)
    {
        List<(int Row, int Column, int Sites)> runs = [];
        foreach (var tap in taps)
        {
            if (runs.Count > 0 && runs[^1].Row == tap.Row && runs[^1].Column + runs[^1].Sites == tap.Column)
            {
                runs[^1] = runs[^1] with { Sites = runs[^1].Sites + 1 };
            }
            else
            {
                runs.Add((tap.Row, tap.Column, 1));
            }
        }

        return [.. runs];
    }

    private static PackedMatrix[][] Pack(TapsNode node)
    {
        var (weight, bias) = node.Ordered();
        using (weight)
        using (bias)
        {
            using var dense = bias?.contiguous();
            var weights = SpanExecutor.Start(weight);
            var biases = dense is null ? null : SpanExecutor.Start(dense);
            var columns = (int)weight.size(1);
            var inputs = (int)weight.size(2);
            var outputs = (int)weight.size(3);
            var classes = node.Grading?.Classes ?? 1;
            var result = new PackedMatrix[node.Taps.Length][];
            for (var phase = 0; phase < result.Length; phase++)
            {
                result[phase] = new PackedMatrix[classes];
                for (var k = 0; k < classes; k++)
                {
                    var label = node.Grading is null ? -1 : k;
                    var taps = node.Taps[phase];
                    var first = label < 0 ? 0 : node.Grading!.Start[label];
                    var count = label < 0 ? outputs : node.Grading!.Count(label);
                    var last = taps.Length == 0 ? 0 : node.Width(phase, taps.Length - 1, label);
                    var read = taps.Length == 0 ? 0 : ((taps.Length - 1) * inputs) + last;
                    result[phase][k] = new PackedMatrix(
                        MatrixKernel.Best, read, count, input => Row(taps[input / inputs], input % inputs) + first, biases is null ? null : biases + first);
                }
            }

            return result;

            float* Row(SiteTap tap, int input) => weights + (((((tap.KernelRow * columns) + tap.KernelColumn) * (long)inputs) + input) * outputs);
        }
    }
}
