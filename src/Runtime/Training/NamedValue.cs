namespace GenDsl.Runtime;

/// <summary>A figure and its name.</summary>
public readonly record struct NamedValue(string Name, double Value);
