using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace GenDsl.Benchmarks.Measuring;

/// <summary>Measures the contestants of each model in rounds of fresh processes and prints one table of times, memory and ratios.</summary>
internal static class StepsCommand
{
    public const string ChildVerb = "measure-steps";

    /// <param name="verb">What the program was told.</param>
    /// <param name="workloads">Among which it may choose.</param>
    /// <param name="arguments">The rest.</param>
    public static void Run(string verb, IReadOnlyList<Workload> workloads, Arguments arguments)
    {
        var models = arguments.Choice("models", [.. workloads.Select(workload => workload.Name)]);
        var asked = arguments.Choice("contestants", [.. workloads.SelectMany(workload => workload.Contestants).Distinct()]);
        var rounds = arguments.Number("rounds", 5);
        var loadBefore = Machine.Load();
        var results = models.ToDictionary(model => model, _ => new List<Round>());
        for (var number = 0; number < rounds; number++)
        {
            foreach (var model in models)
            {
                string[] contestants = [.. asked.Intersect(Workload.Named(model).Contestants)];

                // Started in turn, so that no contestant always finds the machine emptiest.
                var order = contestants.Skip(number % contestants.Length).Concat(contestants.Take(number % contestants.Length)).ToArray();
                var round = Round.Run(Workload.Named(model), order);
                results[model].Add(round);
                Show(number, rounds, model, contestants, round);
            }
        }

        var command = "dotnet run -c Release --project benchmarks/GenDsl.Benchmarks -- " + verb + " --models "
            + string.Join(',', models) + " --rounds " + rounds.ToString(CultureInfo.InvariantCulture);
        Console.Out.WriteLine(StepsTable.Write(results, asked, command, loadBefore, Machine.Load()));
    }

    private static void Show(int number, int rounds, string model, IReadOnlyList<string> contestants, Round round)
    {
        foreach (var contestant in contestants)
        {
            var summary = round.Summaries[contestant];
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"round {number + 1}/{rounds} {model} {contestant}: {Statistics.Median(round.Blocks[contestant].Select(block => block.Milliseconds)):F2} ms ({Statistics.Median(round.Blocks[contestant].Select(block => block.CpuMilliseconds)):F2} cpu), {summary.PeakMegabytes:F0} MB, losses {string.Join(' ', summary.Losses.Select(loss => loss.ToString("F3", CultureInfo.InvariantCulture)))}"));
        }
    }
}
