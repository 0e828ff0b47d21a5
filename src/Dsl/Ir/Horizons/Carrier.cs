using System.Collections.Immutable;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Ir.Horizons;

/// <summary>
/// The axis of a value on which an axis of the order lives. Carried: index s stands for root position Rate * s. Graded:
/// feature k of n stands for class k mod Classes, or floor(k * Classes / n) where n is smaller. With neither, the axis has
/// size 1 and its only index stands for the first position.
/// </summary>
/// <param name="Axis">The axis of the value.</param>
/// <param name="Rate">Root positions per index, above 0; null where the axis is not carried.</param>
/// <param name="Classes">Number of classes; null where the axis is not graded.</param>
public sealed record Carrier(int Axis, Ratio? Rate, Dim? Classes)
{
    /// <summary>An axis that carries root positions.</summary>
    public static Carrier Carried(int axis, Ratio rate) => new(axis, rate, null);

    /// <summary>An axis of features in classes.</summary>
    public static Carrier Graded(int axis, Dim classes) => new(axis, null, classes);

    /// <summary>An axis of size 1.</summary>
    public static Carrier Single(int axis) => new(axis, null, null);

    /// <summary>True for an axis of size 1, which lines up with any other.</summary>
    public bool IsSingle => Rate is null && Classes is null;

    /// <summary>Classes of one feature each are positions.</summary>
    public Carrier AsCarried(ImmutableArray<Dim> shape) => Classes is not null && Classes.Equals(shape[Axis]) ? Carried(Axis, Ratio.One) : this;

    /// <summary>Positions one by one are classes of one feature each.</summary>
    public Carrier AsGraded(ImmutableArray<Dim> shape) => Rate is not null && Rate.Equals(Ratio.One) ? Graded(Axis, shape[Axis]) : this;

    /// <inheritdoc/>
    public override string ToString() => Rate is { } rate ? $"axis {Axis} at rate {rate}" : Classes is { } classes ? $"axis {Axis} in {classes} classes" : $"axis {Axis}, one index";
}
