using System;

namespace GenDsl.Runtime.Data;

/// <summary>A way to see the rows of any data set, named behind <c>@</c>: <c>mnist@first=1000</c>. An entry is all that a view takes.</summary>
/// <param name="Name">Its name; <c>first</c> is asked for as <c>@first=1000</c> where <paramref name="TakesNumber"/>, else as <c>@first</c>.</param>
/// <param name="Summary">One line: what of the rows is left.</param>
/// <param name="TakesNumber">Whether a whole number, 1 or more, stands behind it.</param>
/// <param name="Apply">Makes the source; it may share the storage of the one it is given, which is disposed afterwards. The number is 0 where there is none.</param>
public sealed record DataView(string Name, string Summary, bool TakesNumber, Func<Source, long, Source> Apply)
{
    /// <summary>Whether it leaves the rows as they are and only chooses some of them.</summary>
    public bool ChoosesRows { get; init; }

    /// <summary>As it is written: <c>first=N</c>.</summary>
    public string Form => TakesNumber ? Name + "=N" : Name;
}
