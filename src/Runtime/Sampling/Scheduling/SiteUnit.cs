namespace GenDsl.Runtime;

/// <summary>What is computed at once: sites of one row next to each other, of one class.</summary>
/// <param name="Row">The row.</param>
/// <param name="Column">The first column.</param>
/// <param name="Count">Number of columns.</param>
/// <param name="Class">The class; -1 where there are none.</param>
internal readonly record struct SiteUnit(int Row, int Column, int Count, int Class);
