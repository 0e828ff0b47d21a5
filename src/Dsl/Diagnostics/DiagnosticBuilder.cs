using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Diagnostics;

/// <summary>
/// Makes the diagnostics at one place: one method per code, so that every message text stands in one file per layer.
/// Callers give facts, never text.
/// </summary>
public sealed partial class DiagnosticBuilder(GenSource source, TextSpan span)
{
    private GenDiagnostic Error(string code, string message) => new(code, Severity.Error, source, span, message);

    private GenDiagnostic Note(string code, string message) => new(code, Severity.Note, source, span, message);

    private GenDiagnostic Warning(string code, string message) => new(code, Severity.Warning, source, span, message);

    // A pipe binds loosest, so what is appended applies to the whole expression in hand.
    private Fix Append(string layer) => new($"Add '{layer}'", new TextSpan(span.End, 0), " |> " + layer);

    private Fix Wrap(string function) => new($"Wrap it in '{function}'", span, $"{function}({source.Text.Substring(span.Start, span.Length)})");

    private static string List(IEnumerable<string> items, int most = 12)
    {
        List<string> all = [.. items];
        string text = string.Join(", ", all.Take(most));
        return all.Count > most ? text + ", ..." : text;
    }

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text.Substring(1);

    private GenDiagnostic WithSuggestion(GenDiagnostic diagnostic, string name, IEnumerable<string> candidates) =>
        SpellChecker.Nearest(name, candidates) is { } nearest
            ? diagnostic with
            {
                Message = diagnostic.Message + $" Did you mean '{nearest}'?",
                Fixes = [new Fix($"Change to '{nearest}'", span, nearest)],
            }
            : diagnostic;
}
