using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace GenDsl.Benchmarks.Measuring;

/// <summary>Measures every contestant in a process of its own, round after round, and prints ratios of one round's figures.</summary>
internal static class StepsCommand
{
    public const string ChildVerb = "measure-steps";

    public static void Run(Arguments arguments)
    {
        var models = arguments.Choice("models", [.. Workload.All.Select(workload => workload.Name)]);
        var contestants = arguments.Choice("contestants", Contestant.All);
        var rounds = arguments.Number("rounds", 9);
        var loadBefore = Machine.Load();
        var results = new Dictionary<(string Model, string Contestant), List<Measurement>>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var model in models)
            {
                // The order alternates, so that a drift of the machine favours nobody.
                foreach (var contestant in round % 2 == 0 ? contestants : contestants.Reverse())
                {
                    var measurement = Measurement.FromOutput(ChildProcess.Run(ChildVerb, model, contestant));
                    if (!results.TryGetValue((model, contestant), out var list))
                    {
                        results[(model, contestant)] = list = [];
                    }

                    list.Add(measurement);
                    Console.Error.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"round {round + 1}/{rounds} {model} {contestant}: {measurement.StepMilliseconds:F2} ms ({measurement.CpuMilliseconds:F2} cpu), {measurement.PeakMegabytes:F0} MB, cpu {measurement.CpuShare:P0}, losses {string.Join(' ', measurement.Losses.Select(loss => loss.ToString("F3", CultureInfo.InvariantCulture)))}"));
                }
            }
        }

        var command = "dotnet run -c Release --project benchmarks/GenDsl.Benchmarks -- steps --models "
            + string.Join(',', models) + " --rounds " + rounds.ToString(CultureInfo.InvariantCulture);
        Console.Out.WriteLine(StepsTable.Write(results, models, contestants, command, loadBefore, Machine.Load()));
    }
}
