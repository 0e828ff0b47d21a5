using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir.Horizons;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Judgements.Horizons;

/// <summary>What an operation makes of the horizons of its inputs, by the numbers that it reads.</summary>
/// <param name="Access">What it reads.</param>
/// <param name="Inputs">Per-sample shapes of the inputs.</param>
/// <param name="Outputs">Per-sample shapes of the results.</param>
public sealed record AccessTransfer(Access Access, ImmutableArray<ImmutableArray<Dim>> Inputs, ImmutableArray<ImmutableArray<Dim>> Outputs)
{
    /// <summary>Number of classes that the features of the first input are in (MADE); null where they stand for themselves.</summary>
    public Dim? InputClasses { get; init; }

    /// <summary>The horizon of a result.</summary>
    public Horizon Of(ImmutableArray<Horizon> inputs, int output)
    {
        Horizon? joined = null;
        for (int i = 0; i < inputs.Length; i++)
        {
            if (!inputs[i].IsNone)
            {
                Horizon own = Of(inputs[i], i, output);
                joined = joined is null ? own : Horizon.Join(joined, own, Outputs[output]);
            }
        }

        return joined ?? Horizon.None(inputs.IsEmpty ? DrawOrder.Of([], false) : inputs[0].Order);
    }

    private Horizon Of(Horizon horizon, int input, int output) => Access switch
    {
        NothingAccess => Horizon.None(horizon.Order),

        // Axes that come or go are followed where it is known which.
        FeatureAccess or ScanAccess or RearrangeAccess { Kind: Rearrangement.Chunk or Rearrangement.Concat } when Inputs[input].Length != Outputs[output].Length => horizon.Full(),
        PointwiseAccess => Pointwise(horizon, Inputs[input], Outputs[output]),
        FeatureAccess => WithoutFeatures(horizon),
        TapsAccess taps when input == 0 => TapsTransfer.Of(taps, horizon, Inputs[0], Outputs[output]),
        ScanAccess when input == 0 => Scanned(horizon),
        ClassesAccess classes when input == 0 => Classes(classes, horizon),
        RearrangeAccess rearrange => Rearranged(rearrange.Kind, horizon, input, output),
        _ => horizon.Full(),
    };

    private static Horizon Pointwise(Horizon horizon, ImmutableArray<Dim> from, ImmutableArray<Dim> to)
    {
        // An input of lower rank is one number for all sites.
        if (from.Length != to.Length)
        {
            return from.Length == 0 ? horizon.On(horizon.Carriers.Select(_ => (Carrier?)null)) : horizon.Full();
        }

        return horizon.On(horizon.Carriers.Select(c =>
            c is null || from[c.Axis].Equals(to[c.Axis]) ? c : from[c.Axis].Value == 1 ? Carrier.Single(c.Axis) : null));
    }

    // What earlier sites know lies behind what the own site knows, where the sites stand in order.
    private Horizon Scanned(Horizon horizon) => WithoutFeatures(horizon.On(horizon.Carriers.Select(c => c is { Axis: > 0 } && c.AsCarried(Inputs[0]).Classes is not null ? null : c)));

    private static Horizon WithoutFeatures(Horizon horizon) => horizon.On(horizon.Carriers.Select(c => c?.Axis == 0 ? null : c));

    // MADE: a unit of class k reads the units of classes up to k, or before k.
    private Horizon Classes(ClassesAccess access, Horizon horizon)
    {
        Dim hidden = access.Order.Value is { } order ? Math.Max(order - 1, 1) : Dim.Max(access.Order - 1, Dim.One);
        Dim given = InputClasses ?? Inputs[0][0];
        int axis = Enumerable.Range(0, horizon.Carriers.Length).Where(i => horizon.Carriers[i]?.Axis == 0).DefaultIfEmpty(-1).First();
        if (axis < 0 || horizon.Carriers[axis]!.AsGraded(Inputs[0]).Classes is not { } classes || !classes.Equals(given))
        {
            return WithoutFeatures(horizon);
        }

        Lead step = Lead.Of(Enumerable.Range(0, horizon.Order.Axes).Select(i => i == axis && access.IsStrict ? Ratio.Of(-1) : Ratio.Zero));
        return horizon.Map(c => c with { Lead = c.Lead.Plus(step) })
            .On(horizon.Carriers.Select((c, i) => i == axis ? Carrier.Graded(0, access.IsStrict ? access.Order : hidden) : c));
    }

    private Horizon Rearranged(Rearrangement kind, Horizon horizon, int input, int output) => kind switch
    {
        Rearrangement.Chunk => Features(horizon, Inputs[0], classes => Outputs[output][0].TryDivide(classes) is not null),
        Rearrangement.Concat => Features(horizon, Inputs[input], classes => Inputs.Take(input + 1).All(i => i[0].TryDivide(classes) is not null)),
        Rearrangement.Embed => Embedded(horizon),
        Rearrangement.Reshape or Rearrangement.Raster => ReshapeTransfer.Of(horizon, Inputs[0], Outputs[output]),
        _ => horizon.Full(),
    };

    // Sites stay where they are; feature k of a part keeps its class where the parts in front of it hold whole cycles of classes.
    private static Horizon Features(Horizon horizon, ImmutableArray<Dim> shape, Func<Dim, bool> keeps) =>
        horizon.On(horizon.Carriers.Select(c => c is not { Axis: 0 } ? c : c.AsGraded(shape) is { Classes: { } classes } graded && keeps(classes) ? graded : null));

    // [t] to [e, t]; [c, ...] to [e * c, ...], whose feature k is of channel k mod c.
    private Horizon Embedded(Horizon horizon) => Inputs[0].Length == 1
        ? horizon.On(horizon.Carriers.Select(c => c is not { Axis: 0 } ? null : c.AsCarried(Inputs[0]) with { Axis = 1 }))
        : Features(horizon, Inputs[0], classes => Inputs[0][0].TryDivide(classes) is not null);
}
