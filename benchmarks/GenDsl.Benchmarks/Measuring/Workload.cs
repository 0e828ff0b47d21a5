using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Benchmarks.Twins;
using static TorchSharp.torch;

namespace GenDsl.Benchmarks.Measuring;

/// <summary>One model with its contestants (a plain one, where there is one), and how many steps are one block and one measurement.</summary>
internal sealed record Workload(
    string Name, int BlockSteps, int WarmUpBlocks, int Blocks, Func<Tensor> Data, Func<Tensor, ITwin> Expert, Func<Tensor, ITwin>? Plain,
    Func<Tensor, int, IContestant> Generated)
{
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("vae", 20, 25, 24, BenchmarkData.Bits, data => new VaeExpert(data), data => new VaePlain(data), GeneratedRuns.Vae),
        new("dcgan", 2, 4, 12, BenchmarkData.Images, data => new DcganExpert(data), data => new DcganPlain(data), GeneratedRuns.Dcgan),
        new("wgan_gp", 1, 5, 16, BenchmarkData.Images, data => new WganGpExpert(data), null, GeneratedRuns.WganGp),
    ];

    /// <summary>Flows, in sizes that make a step some ten milliseconds; two of them are written twice only.</summary>
    public static IReadOnlyList<Workload> Flows { get; } =
    [
        new("real_nvp", 2, 4, 10, BenchmarkData.Images, data => new RealNvpExpert(data, GeneratedRuns.RealNvpBatch), null, GeneratedRuns.RealNvp),
        new("glow", 2, 4, 10, BenchmarkData.Images, data => new GlowExpert(data, GeneratedRuns.GlowBatch, GeneratedRuns.GlowHidden, GeneratedRuns.GlowSteps), null, GeneratedRuns.Glow),
        new("maf", 40, 10, 16, BenchmarkData.Points, data => new MafExpert(data, GeneratedRuns.MafBatch), data => new MafPlain(data, GeneratedRuns.MafBatch), GeneratedRuns.Maf),
    ];

    /// <summary>Who takes part in it.</summary>
    public IEnumerable<string> Contestants => Contestant.All.Where(name => name != Contestant.Plain || Plain is not null);

    public static Workload Named(string name) => All.Concat(Flows).First(workload => workload.Name == name);
}
