using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using GenDsl.Benchmarks.Twins;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Benchmarks.Measuring;

/// <summary>Who takes part, and how one of them is measured in a process of its own.</summary>
internal static class Contestant
{
    public const string Generated = "generated";
    public const string Expert = "expert";
    public const string Plain = "plain";

    public static IReadOnlyList<string> All { get; } = [Generated, Expert, Plain];

    /// <summary>Warms up, then times blocks of steps. Every contestant does this in a fresh process on the same data.</summary>
    public static Measurement Measure(string model, string contestant)
    {
        set_num_threads(1);
        manual_seed(1);
        var workload = Workload.Named(model);
        var program = Create(workload, contestant);
        for (var i = 0; i < workload.WarmUpBlocks; i++)
        {
            program.RunBlock();
        }

        var process = Process.GetCurrentProcess();
        var live = Tensor.TotalCount;
        var times = new double[workload.Blocks];
        double[] losses = [];
        var cpu = process.TotalProcessorTime;
        var whole = Stopwatch.StartNew();
        for (var i = 0; i < times.Length; i++)
        {
            var watch = Stopwatch.StartNew();
            losses = program.RunBlock();
            times[i] = watch.Elapsed.TotalMilliseconds / workload.BlockSteps;
        }

        var wall = whole.Elapsed;
        process.Refresh();
        var used = process.TotalProcessorTime - cpu;
        if (!losses.All(double.IsFinite))
        {
            throw new InvalidOperationException($"{model}, {contestant}: a loss is not finite, so its times mean nothing.");
        }

        return new Measurement(
            Statistics.Median(times), used.TotalMilliseconds / (times.Length * workload.BlockSteps), ProcessMemory.PeakMegabytes(),
            Tensor.TotalCount - live, used / wall, losses);
    }

    private static IContestant Create(Workload workload, string contestant)
    {
        // The generated program tunes the allocator itself; a plain one does not know of it.
        if (contestant == Expert)
        {
            Allocator.KeepFreedMemory();
        }
        else if (contestant == Generated)
        {
            GeneratedRuns.Prepare();
        }

        var data = workload.Data();
        return contestant switch
        {
            Generated => workload.Generated(data, workload.BlockSteps),
            Expert => new TwinContestant(workload.Expert(data), workload.BlockSteps),
            _ => new TwinContestant(workload.Plain(data), workload.BlockSteps),
        };
    }
}
