namespace GenDsl.Runtime;

/// <summary>A column as a program declares it: its name and the space its rows are converted to.</summary>
/// <param name="Name">The column's name in the program.</param>
/// <param name="Space">The space its rows belong to.</param>
public sealed record ColumnBinding(string Name, SpaceInfo Space);
