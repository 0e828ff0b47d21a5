using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GenDsl.Runtime.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>The pictures of a source as a net of others takes them.</summary>
internal sealed class ScriptPictures
{
    private readonly Source _source;
    private readonly ColumnBinding _binding;
    private readonly ScriptScoring _how;
    private readonly long[] _shape;
    private readonly long[] _wanted;

    /// <exception cref="GenDslException">There are none, several columns of them, or they cannot be made what the net takes.</exception>
    public ScriptPictures(Source source, ScriptScoring how)
    {
        _source = source;
        _how = how;
        var column = Only(source);
        var (low, high) = column.Kind == ElementKind.Real ? (column.Low, column.High) : (how.Low, how.High);
        if (double.IsInfinity(low) || double.IsInfinity(high))
        {
            throw new GenDslException($"Source '{source.Name}': the pictures {column} have no range, so that nobody knows what the net should see. Declare the space with one, as in [-1, 1].");
        }

        _binding = new ColumnBinding(column.Name, new SpaceInfo("Picture", ElementKind.Real, 0, [-1, -1, -1], low, high) { FreeSizes = ["C", "H", "W"] });
        _shape = ColumnFit.ShapeOf(column.Shape, _binding.Space);
        _wanted = [.. how.Input ?? _shape];
        if (_shape[0] != _wanted[0] && _shape[0] != 1)
        {
            throw new GenDslException($"Source '{source.Name}': the pictures {column} have {_shape[0]} channels and the net takes {_wanted[0]}. Only grey ones can be repeated.");
        }
    }

    public long Rows => _source.Rows;

    /// <summary>What is done to them, for whoever reads the figure.</summary>
    public string Said
    {
        get
        {
            var space = _binding.Space;
            List<string> steps = [];
            if (space.Low != _how.Low || space.High != _how.High)
            {
                steps.Add("scaled");
            }

            if (_shape[0] != _wanted[0])
            {
                steps.Add("grey repeated");
            }

            if (IsResized)
            {
                steps.Add(Shrinks ? "resized (bilinear, smoothed)" : "resized (bilinear)");
            }

            return string.Create(
                CultureInfo.InvariantCulture,
                $"{ShapeText.Of(_shape)} in [{space.Low}, {space.High}] shown as {ShapeText.Of(_wanted)} in [{_how.Low}, {_how.High}]{(steps.Count > 0 ? ": " : "")}{string.Join(", ", steps)}");
        }
    }

    /// <summary>All of them once, in order; the caller disposes each batch before it asks for the next.</summary>
    public IEnumerable<Tensor> Batches(Device device)
    {
        foreach (var batch in new Pass(_source, _how.Batch, Draws.Root(0, device), [_binding]))
        {
            using var rows = batch.Gather(0);
            yield return Shown(rows);
        }
    }

    private bool IsResized => _shape[1] != _wanted[1] || _shape[2] != _wanted[2];

    private bool Shrinks => _wanted[1] < _shape[1] || _wanted[2] < _shape[2];

    private Tensor Shown(Tensor rows)
    {
        using var scope = NewDisposeScope();
        Tensor x = rows.reshape([rows.size(0), .. _shape]);
        var (low, high) = (_binding.Space.Low, _binding.Space.High);
        if (low != _how.Low || high != _how.High)
        {
            using Scalar slope = (_how.High - _how.Low) / (high - low);
            using Scalar start = _how.Low - (low * (_how.High - _how.Low) / (high - low));
            x = x.mul(slope).add_(start);
        }

        if (_shape[0] != _wanted[0])
        {
            x = x.expand([-1, _wanted[0], -1, -1]);
        }

        if (IsResized)
        {
            x = nn.functional.interpolate(x, size: [_wanted[1], _wanted[2]], mode: InterpolationMode.Bilinear, align_corners: false, antialias: Shrinks);
        }

        return x.contiguous().MoveToOuterDisposeScope();
    }

    private static Column Only(Source source)
    {
        Column[] pictures = [.. source.Columns.Where(column => column.Kind is ElementKind.Real or ElementKind.Levels or ElementKind.Bit && column.Shape is [> 1, > 1] or [_, > 1, > 1])];
        return pictures switch
        {
            [var only] => only,
            [] => throw new GenDslException($"Source '{source.Name}' has no pictures. Columns: {string.Join("; ", source.Columns.Select(column => column.ToString()))}."),
            _ => throw new GenDslException($"Source '{source.Name}' has pictures in several columns: {string.Join("; ", pictures.Select(column => column.ToString()))}. Open one of them: NAME@column=1."),
        };
    }
}
