using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Judgements.Horizons;

/// <summary>Convolutions, shifts and pooling: an offset per site axis, in sites of the finer side.</summary>
internal static class TapsTransfer
{
    public static Horizon Of(TapsAccess taps, Horizon horizon, ImmutableArray<Dim> from, ImmutableArray<Dim> to)
    {
        if (from.Length != taps.Axes.Length + 1 || to.Length != from.Length)
        {
            return horizon.Full();
        }

        ImmutableArray<Carrier?> carriers = [.. horizon.Carriers.Select(c => c is { Axis: > 0 } && c.AsCarried(from) is { Classes: null } carried ? carried : c is { Axis: 0 } ? c : null)];
        IEnumerable<Carrier?> after = carriers.Select(c => c switch
        {
            null => null,
            { Axis: 0 } => taps.IsPerFeature || taps.Mask is { } mask && c.AsGraded(from).Classes is { } classes && classes.Equals(mask.Classes) ? c.AsGraded(from) : null,
            _ => Carrier.Carried(c.Axis, FinerRate(c, taps) is var finer && taps.Axes[c.Axis - 1].IsTransposed ? finer : finer * Ratio.Of(taps.Axes[c.Axis - 1].Stride)),
        });

        // The lead grows by the largest of the offsets, in units of the root: the offset times the rate of the finer side.
        ImmutableArray<Offset> offsets = taps.Mask is null ? [new Offset([.. taps.Axes.Select(a => a.Last)], taps.IsPerFeature ? 0 : null)] : Kept(taps);
        Lead[] steps = [.. offsets.Select(offset => Lead.Of(carriers.Select(c => c switch
        {
            null => null,
            { Axis: 0 } => offset.Channel is { } channel ? Ratio.Of(channel) : null,
            _ => Ratio.Of(offset.Sites[c.Axis - 1]) * FinerRate(c, taps),
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

    // Root positions per site of the finer side: the input, or the result of a transposed convolution.
    private static Ratio FinerRate(Carrier carrier, TapsAccess taps) =>
        taps.Axes[carrier.Axis - 1] is { IsTransposed: true } axis ? (carrier.Rate ?? Ratio.One) / axis.Stride : carrier.Rate ?? Ratio.One;

    /// <summary>An offset by site axis, with the classes that may be read there; null for all.</summary>
    private sealed record Offset(ImmutableArray<Dim> Sites, int? Channel);
}
