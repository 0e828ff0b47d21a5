using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Drawing.</content>
public sealed partial class SamplerPlan
{
    /// <summary>Up to so many samples spans were measured to be faster than tensor calls, on one thread; see docs/benchmarks.md.</summary>
    private const long SpanRows = 64;

    private SiteMachine? _machine;
    private (SiteDraw Draw, SiteValue[] Parameters, SamplerExecutor Executor) _compiled;

    // What a prefix counts: positions, or the variables of a MADE.
    private long Places => Root.Shape.Axes == 0 && IsOrdered ? Root.Features : Positions;

    /// <summary>What runs the plan. <see cref="SamplerExecutor.Automatic"/> by default.</summary>
    public SamplerExecutor Executor { get; set; }

    /// <summary>What the last run did.</summary>
    /// <exception cref="InvalidOperationException">Nothing was drawn yet.</exception>
    public SamplerReport Report => _machine is null
        ? throw new InvalidOperationException("The sampler has not drawn yet.")
        : _machine.Report(_machine is SpanExecutor ? SamplerExecutor.Spans : SamplerExecutor.Tensors);

    /// <summary>The last run: its schedule, and what was computed how often.</summary>
    internal SiteMachine? Machine => _machine;

    /// <summary>The shape of the noise that a draw takes: [count, positions, numbers per position].</summary>
    public long[] NoiseShape(SiteDraw draw)
    {
        ArgumentNullException.ThrowIfNull(draw);
        var channels = (int)Root.Features;
        return [Count, Positions, IsOrdered ? channels * draw.NoiseCount(1) : draw.NoiseCount(channels)];
    }

    /// <summary>The noise of all positions, from an address.</summary>
    /// <param name="draw">The distribution.</param>
    /// <param name="draws">Where it is drawn.</param>
    public Tensor Noise(SiteDraw draw, Draws draws)
    {
        var shape = NoiseShape(draw);
        return draw.Noise == SiteNoise.Normal ? draws.Normal(shape) : draws.Uniform(0, 1, shape);
    }

    /// <summary>Draws all positions in order, each from the parameters at its place, which see what was drawn before.</summary>
    /// <param name="draw">The distribution of a position.</param>
    /// <param name="parameters">Its parameters, [numbers · channels, sites...]; features and sites of size 1 broadcast.</param>
    /// <param name="noise">[count, positions, numbers per position], of the kind that <see cref="SiteDraw.Noise"/> says; see <see cref="NoiseShape"/>.</param>
    /// <param name="prefix">Given numbers, of the shape of the result, of which the first <paramref name="known"/> positions are taken; null for none.</param>
    /// <param name="known">Number of positions given, row by row, each with all its channels; without sites, number of channels given.</param>
    /// <param name="cancellation">Asked at every position.</param>
    /// <param name="progress">Told after every position: how many are done, and of how many.</param>
    /// <returns>[count, channels, sites...], or [count, sites...] where there is no axis of channels; real numbers on the plan's device.</returns>
    /// <exception cref="InvalidOperationException">A parameter reads what is not drawn yet.</exception>
    public Tensor Sample(
        SiteDraw draw, SiteValue[] parameters, Tensor noise, Tensor? prefix = null, long known = 0,
        CancellationToken cancellation = default, Action<long, long>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(draw);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(noise);
        Require(draw, parameters);
        var wanted = NoiseShape(draw);
        if (!noise.shape.AsSpan().SequenceEqual(wanted))
        {
            throw new ArgumentException(FormattableString.Invariant($"'{draw.Name}' takes noise {ShapeText.Of(wanted)} here, not {ShapeText.Of(noise)}."), nameof(noise));
        }

        var root = Root.Shape;
        if (known < 0 || known > Places || (known > 0 && prefix is null) || (prefix is not null && prefix.numel() != Count * root.Features * Positions))
        {
            throw new ArgumentException(FormattableString.Invariant($"{known} known positions need a prefix of the result's shape, and are at most {Places}."), nameof(known));
        }

        using var frozen = no_grad();
        using var given = prefix?.reshape(Count, root.Features, root.Rows, root.Columns);
        var machine = Compiled(draw, parameters);
        using var grid = machine.Run(noise, given, known, cancellation, progress);
        return grid.reshape(Channels == 0 ? [Count, .. root.Sites] : [Count, Channels, .. root.Sites]);
    }

    private void Require(SiteDraw draw, SiteValue[] parameters)
    {
        var counts = draw.ParameterCounts((int)Root.Features);
        if (parameters.Length != counts.Length)
        {
            throw new ArgumentException(FormattableString.Invariant($"'{draw.Name}' has {counts.Length} parameters, not {parameters.Length}."), nameof(parameters));
        }

        for (var i = 0; i < counts.Length; i++)
        {
            var parameter = parameters[i];
            RequireOwn(parameter);
            var (rows, columns) = (Root.Shape.Rows, Root.Shape.Columns);
            var isWhole = parameter.Shape.Rows == rows && parameter.Shape.Columns == columns && parameter.Shape.RowRate == Rational.One && parameter.Shape.ColumnRate == Rational.One;
            var broadcasts = !parameter.DependsOnRoot && (parameter.Shape.Rows == 1 || parameter.Shape.Rows == rows) && (parameter.Shape.Columns == 1 || parameter.Shape.Columns == columns);
            if (!(isWhole || broadcasts) || (parameter.Features != counts[i] && parameter.Features != 1))
            {
                throw new ArgumentException(FormattableString.Invariant($"'{draw.Name}' draws {Root} from {counts[i]} features at each site, not from {parameter}."), nameof(parameters));
            }
        }
    }

    private SiteMachine Compiled(SiteDraw draw, SiteValue[] parameters)
    {
        if (_machine is not null && _compiled.Draw == draw && _compiled.Executor == Executor && _compiled.Parameters.SequenceEqual(parameters))
        {
            return _machine;
        }

        ReleaseExecutors();
        int? classes = IsOrdered ? (int)Root.Features : null;
        SiteValue[] stored = [.. parameters.Select(value => value.Features == 1 && Root.Features != 1 && value.Grading is null ? value : Regrouped(value, classes))];
        var schedule = ScheduleBuilder.Build(Root, stored);
        var canSpans = SpanExecutor.CanRun(this, schedule);
        if (Executor == SamplerExecutor.Spans && !canSpans)
        {
            throw new ArgumentException("The sampler runs on spans only on the CPU, in f32, and where every function has a span form.");
        }

        var isBySpans = Executor == SamplerExecutor.Spans || (Executor == SamplerExecutor.Automatic && canSpans && Count <= SpanRows);
        _machine = isBySpans ? new SpanExecutor(this, schedule, draw, stored) : new TensorExecutor(this, schedule, draw, stored);
        _compiled = (draw, [.. parameters], Executor);
        return _machine;
    }

    private void ReleaseExecutors()
    {
        _machine?.Dispose();
        _machine = null;
    }
}
