using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Convolutions of every kind and linear layers: the features of the sites at some taps, times a matrix.</summary>
internal sealed class TapsNode : SiteValue
{
    private readonly Tensor _weight;
    private readonly Tensor? _bias;
    private readonly bool _isCentreGraded;
    private readonly bool _isStrict;

    /// <param name="plan">The owner.</param>
    /// <param name="kind">For messages.</param>
    /// <param name="shape">Of the result.</param>
    /// <param name="read">What is read.</param>
    /// <param name="taps">The taps of each phase: the sites that differ by a multiple of the factor have the same.</param>
    /// <param name="weight">[out, in, rows, columns].</param>
    /// <param name="bias">[out].</param>
    /// <param name="isCentreGraded">True where, of the last tap, a class reads classes up to its own.</param>
    /// <param name="isStrict">Then: earlier classes only.</param>
    public TapsNode(
        SamplerPlan plan, string kind, SiteShape shape, SiteRead read, SiteTap[][] taps, Tensor weight, Tensor? bias, bool isCentreGraded, bool isStrict)
        : base(plan, kind, shape, taps.All(phase => phase.Length == 0) ? [] : [read])
    {
        Input = read.Input;
        Read = read;
        Taps = taps;
        _weight = weight;
        _bias = bias;
        _isCentreGraded = isCentreGraded;
        _isStrict = isStrict;
    }

    public SiteValue Input { get; }

    public SiteRead Read { get; }

    public SiteTap[][] Taps { get; }

    /// <summary>The phase of a site; row phases first.</summary>
    public int Phase(int row, int column) => (int)(((row % Read.Factor.Row) * Read.Factor.Column) + (column % Read.Factor.Column));

    /// <summary>The number of stored features read at a tap for a class of the result; all where the result has no classes.</summary>
    public int Width(int phase, int tap, int label)
    {
        if (!_isCentreGraded || tap < Taps[phase].Length - 1)
        {
            return (int)Input.Features;
        }

        return Input.Grading!.Before(_isStrict ? label : label + 1);
    }

    /// <summary>The matrix [read features, features of the class], in storage order, and the bias. The caller disposes both.</summary>
    public (Tensor Weight, Tensor? Bias) Pack(int phase, int label)
    {
        using var frozen = no_grad();
        using var outputs = Outputs(label);
        using var chosen = outputs is null ? _weight.alias() : _weight.index_select(0, outputs);
        var bias = _bias is null ? null : outputs is null ? _bias.alias() : _bias.index_select(0, outputs);
        using var inputs = Input.Grading is { IsNatural: false } grading ? Indices(grading.Natural) : null;
        using var ordered = inputs is null ? chosen.alias() : chosen.index_select(1, inputs);
        var taps = Taps[phase];
        if (taps.Length == 0)
        {
            return (zeros([0, chosen.size(0)], _weight.dtype, _weight.device), bias);
        }

        var parts = new Tensor[taps.Length];
        for (var i = 0; i < taps.Length; i++)
        {
            using var rows = ordered.select(3, taps[i].KernelColumn);
            using var matrix = rows.select(2, taps[i].KernelRow);
            using var columns = matrix.narrow(1, 0, Width(phase, i, label));
            parts[i] = columns.t();
        }

        var packed = cat(parts, 0);
        foreach (var part in parts)
        {
            part.Dispose();
        }

        return (packed, bias);
    }

    private Tensor? Outputs(int label)
    {
        if (Grading is not { } grading)
        {
            return null;
        }

        return Indices(grading.Natural[grading.Start[label]..grading.Start[label + 1]]);
    }

    private Tensor Indices(IEnumerable<int> features) =>
        tensor(features.Select(Convert.ToInt64).ToArray(), ScalarType.Int64, _weight.device);
}
