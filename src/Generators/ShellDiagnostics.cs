using System;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GenDsl.Generators;

/// <summary>What can go wrong around the compiler rather than in it.</summary>
internal static class ShellDiagnostics
{
    /// <summary>GEN2900: two files of one project have the same name.</summary>
    public static GenDiagnostic NameClash(GenSource source, string other) => AtStart(
        "GEN2900",
        source,
        $"This file and '{other}' have the same name, and the name of a .gen file is the namespace of its types. "
        + "Rename one of them; names that differ only in case count as the same.");

    /// <summary>GEN9001: the compiler itself failed on a file.</summary>
    public static GenDiagnostic Crash(GenSource source, Exception exception) => AtStart(
        "GEN9001",
        source,
        $"The GenDsl compiler failed on this file with {exception.GetType().Name}: {OneLine(exception.Message)} "
        + "The other files are not affected. This is a mistake in GenDsl; please report it together with the file.");

    /// <summary>GEN9002: a file is listed but cannot be read.</summary>
    public static GenDiagnostic Unreadable(GenSource source) => AtStart(
        "GEN9002",
        source,
        "This file cannot be read as text. Check that it exists and is saved as UTF-8.");

    /// <summary>GEN9003: the project's C# is older than the generated code.</summary>
    public static Diagnostic OldLanguage(LanguageVersion used) => Diagnostic.Create(
        new DiagnosticDescriptor("GEN9003", "GenDsl", "{0}", "GenDsl", DiagnosticSeverity.Error, isEnabledByDefault: true),
        Location.None,
        $"The code that GenDsl generates needs C# 12, and this project is compiled as C# {used.ToDisplayString()}. "
        + "Remove LangVersion from the project file, or set it to 12 or newer.");

    private static GenDiagnostic AtStart(string code, GenSource source, string message) =>
        new(code, Severity.Error, source, new TextSpan(0, 0), message);

    private static string OneLine(string message) => message.Replace("\r", "").Replace('\n', ' ');
}
