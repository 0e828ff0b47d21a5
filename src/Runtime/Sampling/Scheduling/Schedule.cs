using System.Collections.Generic;

namespace GenDsl.Runtime;

/// <summary>
/// When every site of every value is computed, and how long it is kept.
/// <para>
/// From the parameters back, lead(u) is the largest lead(c) + offset over the reads of u: before position p is drawn, u must know all sites whose
/// place is at most p + lead(u). So, in topological order, each node computes its pending sites up to there; its inputs are present, because
/// their leads count what it reads; and only drawn numbers are read, because the lead of the root comes out below zero. This is checked here.
/// </para>
/// <para>
/// A node whose sites depend on rows above only (its horizon plus its lead ends in an earlier row) computes a row when the row starts. Coarser
/// grids fire when p + lead crosses one of their places. Values without a root are computed once, before everything. With classes, a step
/// computes one class of a site.
/// </para>
/// <para>
/// A value keeps a ring of rows: from the oldest row that a pending reader needs to the newest one computed. Grids [T] have rows of one
/// site, so a convolution of dilation e and kernel k keeps e(k - 1) + 1 sites; image nets keep a few rows. What is read only by nodes that are due
/// together, at their own place, keeps just the unit at hand. Memory does not depend on the number of rows.
/// </para>
/// </summary>
internal sealed class Schedule
{
    /// <summary>Values without a root, in order.</summary>
    public required IReadOnlyList<SiteValue> Constants { get; init; }

    /// <summary>Groups of the others, in order.</summary>
    public required IReadOnlyList<SiteGroup> Groups { get; init; }

    /// <summary>What is kept, by the index of the value; values that nothing reads are absent.</summary>
    public required IReadOnlyDictionary<int, SiteStorage> Storage { get; init; }

    /// <summary>Leads of the values that depend on the root.</summary>
    public required IReadOnlyDictionary<int, SiteOffset> Leads { get; init; }

    /// <summary>The row, 0 or below, from which steps run so that what is far ahead is computed row by row.</summary>
    public required int FirstRow { get; init; }

    /// <summary>Rows of the root per unit of the integer clocks.</summary>
    public required long RowScale { get; init; }

    /// <summary>Columns of the root per unit of the integer clocks.</summary>
    public required long ColumnScale { get; init; }
}
