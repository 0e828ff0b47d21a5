using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Judgements.Flows;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Semantics.Flows;

/// <summary>Says why updates cannot be undone: the cycle of needs, step by step.</summary>
internal static class OffenceReport
{
    /// <summary>The finding, at the update that reads what it needs to be undone first.</summary>
    public static (TextSpan Span, Func<DiagnosticBuilder, GenDiagnostic> Diagnostic) Of(IReadOnlyList<Need> cycle, GenSource source)
    {
        string Text(Need need) => Shorten(source.Text.Substring(need.Step.Span.Start, need.Step.Span.Length));
        Need blamed = cycle.Where(n => n.IsOperand).OrderByDescending(n => n.Step.Span.Start).First();
        List<(TextSpan Span, string Text)> others = [.. cycle.Where(n => n.IsOperand && !ReferenceEquals(n, blamed)).Select(n => (n.Step.Span, $"'{Text(n)}' reads '{n.Version.Name}' as it is before the update."))];
        bool isItself = cycle.Count == 1 || cycle.All(n => ReferenceEquals(n, blamed) || !n.IsOperand);
        return (blamed.Step.Span, b => b.NotInvertible(Text(blamed), blamed.Version.Name, isItself, others));
    }

    private static string Shorten(string text)
    {
        string line = string.Join(" ", text.Split(['\n', '\r', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= 60 ? line : line.Substring(0, 57) + "...";
    }
}
