namespace GenDsl.Runtime;

/// <summary>
/// Which sites of an input a node reads for its own site s: those from floor(s · <see cref="Step"/> / <see cref="Factor"/>) + first to + last on each axis.
/// </summary>
/// <param name="Input">What is read.</param>
/// <param name="Last">The lexicographically largest offset read, in places of the root.</param>
internal sealed record SiteRead(SiteValue Input, SiteOffset Last)
{
    /// <summary>Sites of the input per site of the reader: rows, columns.</summary>
    public (long Row, long Column) Step { get; init; } = (1, 1);

    /// <summary>Sites of the reader per site of the input: rows, columns.</summary>
    public (long Row, long Column) Factor { get; init; } = (1, 1);

    /// <summary>The smallest offsets, in sites of the input.</summary>
    public (long Row, long Column) First { get; init; }

    /// <summary>The largest column offset, in sites of the input.</summary>
    public long LastColumn { get; init; }

    /// <summary>True where only the reader's own site, and of classes its own, is read.</summary>
    public bool IsOwn { get; init; }

    /// <summary>Its own place only.</summary>
    public static SiteRead Own(SiteValue input, long classes = 0) => new(input, new SiteOffset(0, 0, classes)) { IsOwn = classes == 0 };

    /// <summary>The oldest row of the input that the reader's row needs.</summary>
    public long OldestRow(long row) => System.Math.DivRem(row * Step.Row, Factor.Row).Quotient + First.Row;
}
