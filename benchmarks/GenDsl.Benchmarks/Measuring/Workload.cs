using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Benchmarks.Twins;
using static TorchSharp.torch;

namespace GenDsl.Benchmarks.Measuring;

/// <summary>One model with its contestants, and how many steps are one block and one measurement.</summary>
internal sealed record Workload(
    string Name, int BlockSteps, int WarmUpBlocks, int Blocks, Func<Tensor> Data, Func<Tensor, ITwin> Expert, Func<Tensor, ITwin> Plain,
    Func<Tensor, int, IContestant> Generated)
{
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("vae", 20, 25, 24, BenchmarkData.Bits, data => new VaeExpert(data), data => new VaePlain(data), GeneratedRuns.Vae),
        new("dcgan", 2, 4, 12, BenchmarkData.Images, data => new DcganExpert(data), data => new DcganPlain(data), GeneratedRuns.Dcgan),
    ];

    public static Workload Named(string name) => All.First(workload => workload.Name == name);
}
