using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace GenDsl.Benchmarks.Measuring;

/// <summary>The markdown of a run of <see cref="StepsCommand"/>.</summary>
internal static class StepsTable
{
    private const double QuietShare = 0.97;
    private const double Limit = 1.05;

    public static string Write(
        IReadOnlyDictionary<(string Model, string Contestant), List<Measurement>> results, IReadOnlyList<string> models,
        IReadOnlyList<string> contestants, string command, double loadBefore, double loadAfter)
    {
        var text = new StringBuilder();
        var share = results.Values.SelectMany(list => list).Min(measurement => measurement.CpuShare);
        Line(text, $"{Machine.Describe()}, one thread. `{command}`");
        Line(text, $"Load {loadBefore:F1} before and {loadAfter:F1} after; every process had at least {share * 100:F0} % of a core.");
        if (share < QuietShare)
        {
            Line(text, $"**Preliminary**: other programs were running.");
        }

        Line(text, $"");
        Line(text, $"| model | program | ms per step | processor ms per step | peak MB | live tensors gained |");
        Line(text, $"| --- | --- | --- | --- | --- | --- |");
        foreach (var model in models)
        {
            foreach (var contestant in contestants)
            {
                var list = results[(model, contestant)];
                Line(text, $"| {model} | {contestant} | {Statistics.Median(list.Select(m => m.StepMilliseconds)):F2} | {Statistics.Median(list.Select(m => m.CpuMilliseconds)):F2} | {Statistics.Median(list.Select(m => m.PeakMegabytes)):F0} | {list.Max(m => m.LiveGrowth)} |");
            }
        }

        Line(text, $"");
        Line(text, $"| model | ratio | time per step | processor time | peak memory | |");
        Line(text, $"| --- | --- | --- | --- | --- | --- |");
        foreach (var model in models)
        {
            foreach (var (mine, other) in Pairs(contestants))
            {
                var time = Ratio(results[(model, mine)], results[(model, other)], m => m.StepMilliseconds);
                var cpu = Ratio(results[(model, mine)], results[(model, other)], m => m.CpuMilliseconds);
                var memory = Ratio(results[(model, mine)], results[(model, other)], m => m.PeakMegabytes);
                Line(text, $"| {model} | {mine} / {other} | {time} | {cpu} | {memory} | {Verdict(other, time)} |");
            }
        }

        Line(text, $"");
        Line(text, $"Ratios: median over the rounds of the ratio within a round, with a 95 % bootstrap interval.");
        return text.ToString();
    }

    private static IEnumerable<(string Mine, string Other)> Pairs(IReadOnlyList<string> contestants) =>
        from i in Enumerable.Range(0, contestants.Count)
        from j in Enumerable.Range(i + 1, contestants.Count - i - 1)
        select (contestants[i], contestants[j]);

    private static Interval Ratio(List<Measurement> mine, List<Measurement> other, Func<Measurement, double> figure) =>
        Statistics.MedianInterval([.. mine.Zip(other, (a, b) => figure(a) / figure(b))]);

    // Against the expert the interval must reach 1 and end below the limit; against the plain program it is only shown.
    private static string Verdict(string other, Interval time) =>
        other != Contestant.Expert ? "" : time is { Low: <= 1, High: <= Limit } ? "holds" : "fails";

    private static void Line(StringBuilder text, FormattableString line) =>
        text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
