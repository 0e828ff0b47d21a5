using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir.Horizons;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Judgements.Horizons;

/// <summary>Convolutions, shifts and pooling: an offset per site axis, in sites of the finer side.</summary>
internal static class TapsTransfer
{
    public static Horizon Of(TapsAccess taps, Horizon horizon, ImmutableArray<Dim> from, ImmutableArray<Dim> to)
    {
        // Sites behind an axis of features, or alone.
        int first = from.Length - taps.Axes.Length;
        if (first is not (0 or 1) || to.Length != from.Length)
        {
            return horizon.Full();
        }

        ImmutableArray<Carrier?> carriers = [.. horizon.Carriers.Select(c => c?.Axis < first ? c : c?.AsCarried(from) is { Classes: null } carried ? carried : null)];
        AxisTaps TapsOf(Carrier carrier) => taps.Axes[carrier.Axis - first];

        // Root positions per site of the finer side: the input, or the result of a transposed convolution.
        Ratio FinerRate(Carrier carrier) => TapsOf(carrier).IsTransposed ? (carrier.Rate ?? Ratio.One) / TapsOf(carrier).Stride : carrier.Rate ?? Ratio.One;
        IEnumerable<Carrier?> after = carriers.Select(c => c switch
        {
            null => null,
            _ when c.Axis < first => taps.IsPerFeature || taps.Mask is { } mask && c.AsGraded(from).Classes is { } classes && classes.Equals(mask.Classes) ? c.AsGraded(from) : null,
            _ => Carrier.Carried(c.Axis, TapsOf(c).IsTransposed ? FinerRate(c) : FinerRate(c) * Ratio.Of(TapsOf(c).Stride)),
        });

        // The lead grows by the largest of the offsets, in units of the root: the offset times the rate of the finer side.
        ImmutableArray<Offset> offsets = taps.Mask is null ? [new Offset([.. taps.Axes.Select(a => a.Last)], taps.IsPerFeature ? 0 : null)] : Kept(taps);
        Lead[] steps = [.. offsets.Select(offset => Lead.Of(carriers.Select(c => c switch
        {
            null => null,
            _ when c.Axis < first => offset.Channel is { } channel ? Ratio.Of(channel) : null,
            _ => Ratio.Of(offset.Sites[c.Axis - first]) * FinerRate(c),
        })))];
        return Horizon.Of(horizon.Order, horizon.Candidates.SelectMany(c => steps.Select(s => c with { Lead = c.Lead.Plus(s) })), after);
    }

    // What a mask keeps: rows before the own one, columns before the own one, and at the centre some classes.
    private static ImmutableArray<Offset> Kept(TapsAccess taps)
    {
        var kept = new List<Offset>();
        TapMask mask = taps.Mask!;
        if (!mask.IsStrict || mask.Classes.Value != 1)
        {
            kept.Add(new Offset([.. taps.Axes.Select(_ => Dim.Zero)], mask.IsStrict ? -1 : 0));
        }

        for (int axis = taps.Axes.Length - 1; axis >= 0; axis--)
        {
            if (taps.Axes[axis].First.Value != 0)
            {
                kept.Add(new Offset([.. taps.Axes.Select((a, i) => i < axis ? Dim.Zero : i == axis ? -a.Dilation : a.Last)], null));
            }
        }

        return [.. kept];
    }

    /// <summary>An offset by site axis, with the classes that may be read there; null for all.</summary>
    private sealed record Offset(ImmutableArray<Dim> Sites, int? Channel);
}
