using System;
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

    /// <summary>Number of weights that are not masked, and how many of them a site uses on average.</summary>
    public (double Stored, double Used) Weights
    {
        get
        {
            double all = 0;
            for (var phase = 0; phase < Taps.Length; phase++)
            {
                for (var label = 0; label < (Grading?.Classes ?? 1); label++)
                {
                    long read = 0;
                    for (var tap = 0; tap < Taps[phase].Length; tap++)
                    {
                        read += Width(phase, tap, Grading is null ? -1 : label);
                    }

                    all += read * (Grading?.Count(label) ?? Features);
                }
            }

            return (all, all / Taps.Length);
        }
    }

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

    /// <summary>The weights [kernel rows, kernel columns, in, out] and the biases [out], both features in storage order. The caller disposes both.</summary>
    public (Tensor Weight, Tensor? Bias) Ordered()
    {
        using var frozen = no_grad();
        using var outputs = Stored(this);
        using var inputs = Stored(Input);
        using var rows = outputs is null ? _weight.alias() : _weight.index_select(0, outputs);
        using var both = inputs is null ? rows.alias() : rows.index_select(1, inputs);
        using var turned = both.permute(2, 3, 1, 0);
        return (turned.contiguous(), _bias is null ? null : outputs is null ? _bias.alias() : _bias.index_select(0, outputs));
    }

    private Tensor? Stored(SiteValue value) =>
        value.Grading is { IsNatural: false } grading ? tensor(Array.ConvertAll(grading.Natural, Convert.ToInt64), ScalarType.Int64, _weight.device) : null;
}
