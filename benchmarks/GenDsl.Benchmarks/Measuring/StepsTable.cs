using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace GenDsl.Benchmarks.Measuring;

/// <summary>The markdown of a run of <see cref="StepsCommand"/>.</summary>
internal static class StepsTable
{
    private const double QuietShare = 0.95;
    private const double Limit = 1.05;

    public static string Write(
        IReadOnlyDictionary<string, List<Round>> results, IReadOnlyList<string> contestants, string command, double loadBefore, double loadAfter)
    {
        var text = new StringBuilder();
        var share = Statistics.Median(results.Values.SelectMany(rounds => rounds).SelectMany(round => round.Blocks.Values).SelectMany(blocks => blocks)
            .Select(block => block.CpuMilliseconds / block.Milliseconds));
        Line(text, $"{Machine.Describe()}, one thread. `{command}`");
        Line(text, $"Load {loadBefore:F1} before and {loadAfter:F1} after; the median block had {Math.Min(1, share) * 100:F0} % of a core.");
        if (share < QuietShare)
        {
            Line(text, $"**Preliminary**: other programs were running.");
        }

        Line(text, $"");
        Line(text, $"| model | program | ms per step | processor ms per step | peak MB | live tensors gained |");
        Line(text, $"| --- | --- | --- | --- | --- | --- |");
        foreach (var (model, rounds) in results)
        {
            foreach (var contestant in contestants.Where(rounds[0].Blocks.ContainsKey))
            {
                var blocks = rounds.SelectMany(round => round.Blocks[contestant]).ToArray();
                var summaries = rounds.Select(round => round.Summaries[contestant]).ToArray();
                Line(text, $"| {model} | {contestant} | {Statistics.Median(blocks.Select(b => b.Milliseconds)):F2} | {Statistics.Median(blocks.Select(b => b.CpuMilliseconds)):F2} | {Statistics.Median(summaries.Select(s => s.PeakMegabytes)):F0} | {summaries.Max(s => s.LiveGrowth)} |");
            }
        }

        Line(text, $"");
        Line(text, $"| model | ratio | time per step | processor time | peak memory | |");
        Line(text, $"| --- | --- | --- | --- | --- | --- |");
        foreach (var (model, rounds) in results)
        {
            foreach (var (mine, other) in Pairs([.. contestants.Where(rounds[0].Blocks.ContainsKey)]))
            {
                var time = Statistics.MedianInterval([.. rounds.Select(round => round.Ratios(mine, other, block => block.Milliseconds))]);
                var cpu = Statistics.MedianInterval([.. rounds.Select(round => round.Ratios(mine, other, block => block.CpuMilliseconds))]);
                var memory = Statistics.MedianInterval(
                    [.. rounds.Select(round => new[] { round.Summaries[mine].PeakMegabytes / round.Summaries[other].PeakMegabytes })]);
                Line(text, $"| {model} | {mine} / {other} | {time} | {cpu} | {memory} | {Verdict(other, time)} |");
            }
        }

        Line(text, $"");
        Line(text, $"Ratios: median over all blocks of the ratio within a block (memory: within a round), with a 95 % bootstrap interval over rounds and blocks.");
        return text.ToString();
    }

    private static IEnumerable<(string Mine, string Other)> Pairs(IReadOnlyList<string> contestants) =>
        from i in Enumerable.Range(0, contestants.Count)
        from j in Enumerable.Range(i + 1, contestants.Count - i - 1)
        select (contestants[i], contestants[j]);

    // Against the expert the interval must reach 1 and end below the limit; against the plain program it is only shown.
    private static string Verdict(string other, Interval time) =>
        other != Contestant.Expert ? "" : time is { Low: <= 1, High: <= Limit } ? "holds" : "fails";

    private static void Line(StringBuilder text, FormattableString line) =>
        text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
