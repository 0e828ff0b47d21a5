using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Catalog;

/// <summary>
/// Which numbers of its input a result may depend on, per sample. From it follow receptive fields, causality, buffer
/// sizes: the exact rules are those of the horizon algebra.
/// </summary>
public abstract record Access
{
    /// <summary>Only on the number at its own place.</summary>
    public static Access Pointwise { get; } = new PointwiseAccess();

    /// <summary>On all features (the first axis) of its own site.</summary>
    public static Access Features { get; } = new FeatureAccess();

    /// <summary>On any number of its sample.</summary>
    public static Access Everything { get; } = new EverythingAccess();

    /// <summary>In training also on the other samples of the batch, at all sites of its feature; in evaluation only on its own place.</summary>
    public static Access BatchStatistics { get; } = new BatchStatisticsAccess();
}

/// <inheritdoc cref="Access.Pointwise"/>
public sealed record PointwiseAccess : Access
{
    /// <inheritdoc/>
    public override string ToString() => "its own place";
}

/// <inheritdoc cref="Access.Features"/>
public sealed record FeatureAccess : Access
{
    /// <inheritdoc/>
    public override string ToString() => "all features of its site";
}

/// <inheritdoc cref="Access.Everything"/>
public sealed record EverythingAccess : Access
{
    /// <inheritdoc/>
    public override string ToString() => "its whole sample";
}

/// <inheritdoc cref="Access.BatchStatistics"/>
public sealed record BatchStatisticsAccess : Access
{
    /// <inheritdoc/>
    public override string ToString() => "its own place; in training its feature in the whole batch";
}

/// <summary>One site axis of a convolution.</summary>
/// <param name="Stride">Sites of the finer side per site of the coarser one.</param>
/// <param name="IsTransposed">True where the result is the finer side.</param>
/// <param name="Kernel">Number of taps.</param>
/// <param name="Dilation">Distance between taps, on the finer side.</param>
/// <param name="Before">Padding in front, or crop of a transposed convolution.</param>
public sealed record AxisTaps(Dim Stride, bool IsTransposed, Dim Kernel, Dim Dilation, Dim Before)
{
    /// <summary>The smallest offset: on the finer side, site S·s + t is read at site s; a transposed axis reads I with S·I = o + t.</summary>
    public Dim First => IsTransposed ? Before - (Dilation * (Kernel - 1)) : -Before;

    /// <summary>The largest offset.</summary>
    public Dim Last => IsTransposed ? Before : (Dilation * (Kernel - 1)) - Before;

    /// <inheritdoc/>
    public override string ToString() => $"{First}..{Last} by {Dilation}{(Stride.Value == 1 ? "" : IsTransposed ? $", upsampling by {Stride}" : $", stride {Stride}")}";
}

/// <summary>Which taps a masked convolution keeps: all that come before the centre, and at the centre itself some classes of features.</summary>
/// <param name="IsStrict">True for mask A: at the centre only earlier classes; false for mask B: the own class too.</param>
/// <param name="Classes">Number of classes; feature k is in class k mod Classes.</param>
public sealed record TapMask(bool IsStrict, Dim Classes)
{
    /// <inheritdoc/>
    public override string ToString() => $"before its own, at its own those of {(IsStrict ? "earlier" : "earlier or equal")} class of {Classes}";
}

/// <summary>On features of the sites at certain offsets of its own.</summary>
/// <param name="Axes">The site axes, in order.</param>
public sealed record TapsAccess(ImmutableArray<AxisTaps> Axes) : Access
{
    /// <summary>True where each feature of the result reads its own feature only: shifts, pooling, upsampling.</summary>
    public bool IsPerFeature { get; init; }

    /// <summary>The taps that a masked convolution keeps; null where all are.</summary>
    public TapMask? Mask { get; init; }

    /// <inheritdoc/>
    public override string ToString() => (IsPerFeature ? "its feature" : "all features") + " of the sites " + string.Join(" x ", Axes.Select(a => $"({a})")) + (Mask is null ? "" : $" {Mask}");
}

/// <summary>On all features of all sites up to its own along the only site axis: recurrent layers, cumulative sums.</summary>
public sealed record ScanAccess : Access
{
    /// <inheritdoc/>
    public override string ToString() => "all sites up to its own";
}

/// <summary>On the features of earlier classes (MADE).</summary>
/// <param name="Order">Number of variables: class 0 .. Order - 1.</param>
/// <param name="IsStrict">False where the own class is seen too.</param>
public sealed record ClassesAccess(Dim Order, bool IsStrict) : Access
{
    /// <inheritdoc/>
    public override string ToString() => $"the features of {(IsStrict ? "earlier" : "earlier or equal")} classes of {Order}";
}

/// <summary>Where the numbers of a rearranged tensor come from.</summary>
public enum Rearrangement
{
    /// <summary>The first axis in equal parts; result i is part i, and a single result is computed from all parts, place by place.</summary>
    Chunk,

    /// <summary>Inputs joined along the first axis; a single input is joined with a function of itself, or with constants behind it.</summary>
    Concat,

    /// <summary>The same numbers in row-major order under another shape.</summary>
    Reshape,

    /// <summary>[c, h, w] as [c, h * w].</summary>
    Raster,

    /// <summary>The numbers of one axis in a fixed random order.</summary>
    Shuffle,

    /// <summary>A table entry for every number: [c, ...] to [e * c, ...], feature k from number k mod c; [t] to [e, t].</summary>
    Embed,
}

/// <summary>On numbers that only move, or are looked up one by one.</summary>
/// <param name="Kind">How they move.</param>
public sealed record RearrangeAccess(Rearrangement Kind) : Access
{
    /// <inheritdoc/>
    public override string ToString() => $"its own number, moved ({Kind})";
}

/// <summary>On nothing of its input but its sizes: positions, zeros of its shape.</summary>
public sealed record NothingAccess : Access
{
    /// <inheritdoc/>
    public override string ToString() => "nothing";
}
