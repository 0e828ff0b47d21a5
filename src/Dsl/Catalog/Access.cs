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

/// <summary>On all features of the sites at certain offsets of its own.</summary>
/// <param name="Axes">The site axes, in order.</param>
public sealed record TapsAccess(ImmutableArray<AxisTaps> Axes) : Access
{
    /// <inheritdoc/>
    public override string ToString() => "all features of the sites " + string.Join(" x ", Axes.Select(a => $"({a})"));
}
