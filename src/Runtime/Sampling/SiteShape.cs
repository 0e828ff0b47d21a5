using System;

namespace GenDsl.Runtime;

/// <summary>
/// The extent of a value. Grids have two axes inside: [T] is T rows of one column, no axis is one row of one column; then a row is what
/// rings count, and what can be computed at once.
/// </summary>
internal sealed record SiteShape
{
    /// <summary>Rows of the batch: 1 for a constant that all samples share.</summary>
    public required long Batch { get; init; }

    public required long Features { get; init; }

    public required int Axes { get; init; }

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    /// <summary>Rows of the root per row.</summary>
    public Rational RowRate { get; init; } = Rational.One;

    /// <summary>Columns of the root per column.</summary>
    public Rational ColumnRate { get; init; } = Rational.One;

    /// <summary>The classes of the features; null where the features of a site are one.</summary>
    public Grading? Grading { get; init; }

    public long[] Sites => Axes switch { 0 => [], 1 => [Rows], _ => [Rows, Columns] };

    public static (int Rows, int Columns) Grid(long[] sites) => sites.Length switch
    {
        0 => (1, 1),
        1 => (checked((int)sites[0]), 1),
        2 => (checked((int)sites[0]), checked((int)sites[1])),
        _ => throw new ArgumentException($"A sampler has none, one or two site axes, not {sites.Length}."),
    };

    public override string ToString() =>
        FormattableString.Invariant($"[{Features}{string.Concat(Array.ConvertAll(Sites, size => FormattableString.Invariant($", {size}")))}]{(Grading is null ? "" : FormattableString.Invariant($" in {Grading.Classes} classes"))}");
}
