namespace GenDsl.Generators.Models;

/// <summary>All that the pipeline knows of one file: C# text, or null where there is none to add, and findings.</summary>
internal sealed record CompiledFile(string HintName, string? Code, EquatableArray<DiagnosticInfo> Diagnostics);
