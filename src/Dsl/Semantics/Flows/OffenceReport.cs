using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ir.Horizons;
using GenDsl.Dsl.Judgements.Flows;
using GenDsl.Dsl.Judgements.Horizons;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Semantics.Flows;

/// <summary>Says why updates cannot be undone: the layer that looks too far, or the circle of needs, update by update.</summary>
internal sealed class OffenceReport(NeedGraph graph, FileContext file, GenSource source)
{
    private const int LongestText = 60;

    /// <summary>The finding, at the layer or the update that reads what would have to be undone first.</summary>
    public (TextSpan Span, Func<DiagnosticBuilder, GenDiagnostic> Diagnostic) Of(IReadOnlyList<Need> cycle)
    {
        List<Need> reads = [.. cycle.Where(n => n.IsOperand)];
        int last = reads.IndexOf(reads.OrderByDescending(n => n.Step.Span.Start).First());
        List<Need> circle = [.. reads.Skip(last), .. reads.Take(last)];
        Need blamed = circle[0];
        if (circle.Count > 1)
        {
            List<string> others = [.. circle.Skip(1).Select((n, i) => $"'{Text(n.Step)}' reads '{n.Version.Name}' as it is before '{Text(circle[(i + 2) % circle.Count].Step)}'")];
            List<RelatedPlace> places = [.. circle.Skip(1).Select(n => new RelatedPlace(n.Step.Span, $"It reads '{n.Version.Name}'."))];
            return (blamed.Step.Span, b => b.NeedEachOther(Text(blamed.Step), blamed.Version.Name, $"before '{Text(circle[1].Step)}'", others) with { Related = [.. places] });
        }

        if (blamed.Step is LoopStep)
        {
            return (blamed.Step.Span, b => b.LoopReadsItself(Text(blamed.Step), blamed.Version.Name));
        }

        ChartStep changes = graph.ConsumerOf(blamed.Version) ?? blamed.Step;
        string before = ReferenceEquals(changes, blamed.Step) ? "before the update" : $"before '{Text(changes)}'";
        if (blamed.Open is { Last: { } step } open)
        {
            IrValue version = blamed.Version;
            var report = new LeakReport(version.Name, new RootChart(version, version, []), DrawOrder.Of(version.Type.Shape, channelsAreEvent: false), m => file.Find(m.DeclaredName)?.Source, source);
            if (report.Trace(open.Lead, step) is { } leak)
            {
                List<RelatedPlace> related = [new(blamed.Step.Span, "The update."), .. leak.Inside];
                return (leak.Place, b => b.ReadsItselfThrough(Text(blamed.Step), version.Name, before, leak.Layer, leak.Example, leak.Cure.Text) with { Related = [.. related], Fixes = leak.Cure.Fix is { } fix ? [fix] : [] });
            }
        }

        return (blamed.Step.Span, b => b.ReadsItself(Text(blamed.Step), blamed.Version.Name, before));
    }

    // A loop by its head.
    private string Text(ChartStep step)
    {
        string text = source.Text.Substring(step.Span.Start, step.Span.Length);
        string line = string.Join(" ", (step is LoopStep ? text.Split('{')[0] : text).Split(['\n', '\r', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestText ? line : line.Substring(0, LongestText - 3) + "...";
    }
}
