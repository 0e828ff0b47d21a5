namespace GenDsl.Generators.Emit;

/// <summary>How C# is written.</summary>
/// <param name="RootNamespace">The project's root namespace; the file's name is appended.</param>
/// <param name="LineDirectives">Whether <c>#line</c> points back into the <c>.gen</c> file.</param>
/// <param name="LinePath">The path in those directives; the source's own path if null.</param>
public sealed record EmitOptions(string RootNamespace = "", bool LineDirectives = true, string? LinePath = null);
