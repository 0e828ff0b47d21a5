using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Tests.Baselines;

/// <summary>A text with the compiler's findings woven in as comments, below the lines they are about: what a reviewer reads.</summary>
internal static class AnnotatedSource
{
    public static string WithDiagnostics(GenSource source, IEnumerable<GenDiagnostic> diagnostics)
    {
        ILookup<int, GenDiagnostic> byLine = diagnostics.ToLookup(d => source.Lines.PositionOf(d.Span.Start).Line);
        string[] lines = source.Text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        var text = new StringBuilder();
        for (int i = 0; i < lines.Length; i++)
        {
            if (i < lines.Length - 1 || lines[i].Length > 0)
            {
                text.Append(lines[i]).Append('\n');
            }

            foreach (GenDiagnostic diagnostic in byLine[i])
            {
                Append(text, source, lines[i], diagnostic);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, GenSource source, string line, GenDiagnostic diagnostic)
    {
        int column = source.Lines.PositionOf(diagnostic.Span.Start).Column;
        int length = Math.Clamp(diagnostic.Span.Length, 1, Math.Max(1, line.Length - column));
        text.Append("//").Append(' ', Math.Max(0, column - 2)).Append('^', column >= 2 ? length : Math.Max(1, length - 2 + column)).Append('\n');
        text.Append("// ").Append(diagnostic.Severity.ToString().ToLowerInvariant()).Append(' ').Append(diagnostic.Code).Append(": ").Append(diagnostic.Message.Replace("\n", "\n//   ", StringComparison.Ordinal)).Append('\n');
        foreach (Fix fix in diagnostic.Fixes)
        {
            text.Append("//   fix: ").Append(fix.Title).Append('\n');
        }
    }
}
