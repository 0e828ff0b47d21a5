using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using GenDsl.Benchmarks.Twins;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Benchmarks.Measuring;

/// <summary>Who takes part, and how one of them answers in a process of its own.</summary>
internal static class Contestant
{
    public const string Generated = "generated";
    public const string Expert = "expert";
    public const string Plain = "plain";

    /// <summary>What a process is told: to run one block; anything else ends it.</summary>
    public const string BlockCommand = "block";

    public static IReadOnlyList<string> All { get; } = [Generated, Expert, Plain];

    /// <summary>Warms up, says so by a line, then runs and times a block for every command, and ends with a <see cref="Summary"/>.</summary>
    public static void Serve(string model, string contestant, TextReader commands, TextWriter answers)
    {
        set_num_threads(1);
        manual_seed(1);
        var workload = Workload.Named(model);
        var program = Create(workload, contestant);
        var losses = Array.Empty<double>();
        for (var i = 0; i < workload.WarmUpBlocks; i++)
        {
            losses = program.RunBlock();
        }

        var live = Tensor.TotalCount;
        answers.WriteLine("ready");
        while (commands.ReadLine() == BlockCommand)
        {
            var cpu = Environment.CpuUsage.TotalTime;
            var watch = Stopwatch.StartNew();
            losses = program.RunBlock();
            var wall = watch.Elapsed;
            answers.WriteLine(new Block(
                wall.TotalMilliseconds / workload.BlockSteps, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / workload.BlockSteps).ToLine());
        }

        if (!losses.All(double.IsFinite))
        {
            throw new InvalidOperationException($"{model}, {contestant}: a loss is not finite, so its times mean nothing.");
        }

        answers.WriteLine(new Summary(ProcessMemory.PeakMegabytes(), Tensor.TotalCount - live, losses).ToLine());
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
            _ => new TwinContestant(
                workload.Plain?.Invoke(data) ?? throw new InvalidOperationException($"Nobody wrote a plain {workload.Name}."), workload.BlockSteps),
        };
    }
}
