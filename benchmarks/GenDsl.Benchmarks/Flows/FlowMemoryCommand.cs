using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GenDsl.Benchmarks.Measuring;
using GenDsl.Models.VariationalDequantization;
using GenDsl.Runtime;
using static TorchSharp.torch;

namespace GenDsl.Benchmarks.Flows;

/// <summary>
/// Peak memory and time of training steps of a flow by the number of its couplings, its loop kept or computed again: UniformFlow, whose
/// couplings stand in one loop. One process for each number and option, on one thread, one after the other.
/// </summary>
internal static class FlowMemoryCommand
{
    public const string ChildVerb = "measure-flow-memory";

    private const int Rows = 2_000;

    private static readonly IReadOnlyList<string> Depths = ["8", "16", "32", "64"];

    public static void Run(Arguments arguments)
    {
        var steps = Text(arguments.Number("steps", 3));
        var batch = Text(arguments.Number("batch", 32));
        var load = Machine.Load();
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Machine.Describe()}, one thread, load {load:F2} at the start"));
        Console.Out.WriteLine();
        Console.Out.WriteLine("| couplings | stored, MB | invertible, MB | stored, s | invertible, s | time ratio | loss, stored | loss, invertible |");
        Console.Out.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var depth in arguments.Choice("depths", Depths))
        {
            var found = new[] { "stored", "invertible" }.Select(memory =>
            {
                using var child = new ChildProcess(ChildVerb, depth, memory, steps, batch);
                return child.Hear().Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray();
            }).ToArray();
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {depth} | {found[0][0]:F0} | {found[1][0]:F0} | {found[0][1]:F2} | {found[1][1]:F2} | {found[1][1] / found[0][1]:F2} | {found[0][2]:F3} | {found[1][2]:F3} |"));
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine($"UniformFlow with 32 feature maps on 28 x 28 levels, batches of {batch}. MB: the largest resident set of the process (2^20 bytes), its start included. s: processor time of a step with its update, the median of {steps} steps after one that is not counted. Loss: of the last step.");
    }

    /// <summary>One configuration in a process of its own: peak megabytes, seconds of processor time per step, the last loss.</summary>
    public static string Measure(int depth, string memory, int steps, int batch)
    {
        TorchRuntime.Initialize();
        TorchRuntime.Threads = 1;
        using var levels = Draws.Root(5, CPU).At("x").Integers(0, 256, Rows, 1, 28, 28);
        var source = new Source("x", [new Column("x", ElementKind.Levels, 256, 0, 255, levels.to_type(ScalarType.Byte))]);
        var trainer = new UniformFlowTrainer(new() { Seed = 1, Depth = depth, Batch = batch, Memory = memory == "stored" ? Memory.Stored : Memory.Invertible });
        var data = new UniformFlowTrainer.Data(source);
        List<double> times = [];
        var loss = 0.0;
        for (var step = 0; step <= steps; step++)
        {
            var begin = Environment.CpuUsage.TotalTime;
            loss = trainer.Step(data).NegativeElbo;
            times.Add((Environment.CpuUsage.TotalTime - begin).TotalSeconds);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{ProcessMemory.PeakMegabytes():F1} {Statistics.Median(times.Skip(1)):F4} {loss:F4}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
