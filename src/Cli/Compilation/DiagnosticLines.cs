using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using GenDsl.Dsl.Diagnostics;

namespace GenDsl.Cli.Compilation;

/// <summary>Writes findings one to a line, in the form that MSBuild and editors understand.</summary>
internal static class DiagnosticLines
{
    public static void Write(TextWriter writer, IEnumerable<GenDiagnostic> diagnostics, bool hasColours)
    {
        var sorted = diagnostics.OrderBy(finding => finding.Source.Path, StringComparer.Ordinal)
            .ThenBy(finding => finding.Span.Start)
            .ThenBy(finding => finding.Code, StringComparer.Ordinal);
        foreach (var finding in sorted)
        {
            writer.WriteLine(Line(finding, hasColours));
        }
    }

    private static string Line(GenDiagnostic finding, bool hasColours)
    {
        var line = $"{finding.ToString().ReplaceLineEndings(" ")} [{finding.HelpUri}]";
        if (!hasColours)
        {
            return line;
        }

        var (word, colour) = finding.Severity switch
        {
            Severity.Error => ($": error {finding.Code}:", "31"),
            Severity.Warning => ($": warning {finding.Code}:", "33"),
            _ => ($": note {finding.Code}:", "36"),
        };
        var at = line.IndexOf(word, StringComparison.Ordinal);
        return $"{line[..(at + 2)]}\e[{colour}m{word[2..^1]}\e[0m{line[(at + word.Length - 1)..]}";
    }
}
