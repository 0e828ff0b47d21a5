using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Benchmarks.Measuring;
using GenDsl.Benchmarks.Twins;
using GenDsl.Models.Dcgan;
using GenDsl.Models.Glow;
using GenDsl.Models.Maf;
using GenDsl.Models.RealNvp;
using GenDsl.Models.Vae;
using GenDsl.Models.WganGp;
using GenDsl.Runtime;
using static TorchSharp.torch;

namespace GenDsl.Benchmarks;

/// <summary>The generated trainers as contestants, and against the expert twins: the one place that knows their names.</summary>
internal static class GeneratedRuns
{
    public const int RealNvpBatch = 16;
    public const int GlowBatch = 64;
    public const int GlowHidden = 64;
    public const int GlowSteps = 2;
    public const int MafBatch = 128;

    private const ulong Seed = 1;

    /// <summary>To be called before the first tensor is made: the allocator is tuned then.</summary>
    public static void Prepare() => TorchRuntime.Initialize();

    public static IContestant Vae(Tensor bits, int steps)
    {
        var trainer = NewVae(steps);
        return new GeneratedContestant<VaeTrainer.Report>(
            trainer.Fit(new VaeTrainer.Data(Bits(bits)), RunLength.Steps(long.MaxValue)), report => [report.NegativeElbo]);
    }

    public static IContestant Dcgan(Tensor images, int steps)
    {
        var trainer = NewDcgan(steps);
        return new GeneratedContestant<DcganTrainer.Report>(
            trainer.Fit(new DcganTrainer.Data(Images(images)), RunLength.Steps(long.MaxValue)), report => [report.D, report.G]);
    }

    public static IContestant WganGp(Tensor images, int steps)
    {
        var trainer = NewWganGp(steps);
        return new GeneratedContestant<WganGpTrainer.Report>(
            trainer.Fit(new WganGpTrainer.Data(Images(images)), RunLength.Steps(long.MaxValue)),
            report => [report.Penalty, report.Distance, report.D, report.G]);
    }

    public static IContestant RealNvp(Tensor images, int steps)
    {
        var trainer = NewRealNvp(steps);
        return new GeneratedContestant<RealNvpTrainer.Report>(
            trainer.Fit(new RealNvpTrainer.Data(Images(images)), RunLength.Steps(long.MaxValue)), report => [report.NegativeElbo]);
    }

    public static IContestant Glow(Tensor images, int steps)
    {
        var trainer = NewGlow(steps);
        return new GeneratedContestant<GlowTrainer.Report>(
            trainer.Fit(new GlowTrainer.Data(Images(images)), RunLength.Steps(long.MaxValue)), report => [report.NegativeElbo]);
    }

    public static IContestant Maf(Tensor points, int steps)
    {
        var trainer = NewMaf(steps);
        return new GeneratedContestant<MafTrainer.Report>(
            trainer.Fit(new MafTrainer.Data(Points(points)), RunLength.Steps(long.MaxValue)), report => [report.NegativeLogProb]);
    }

    /// <summary>The trainer of a model, opened for a step-by-step comparison on the rows and noise that it will use itself.</summary>
    public static ComparedTrainer Compare(string model, Tensor data)
    {
        if (model == "vae")
        {
            var vae = NewVae(1);
            var bits = new VaeTrainer.Data(Bits(data));
            return new ComparedTrainer(
                Learned(vae.Model.State), draws => draws.At("negative_elbo"), "z", draws => draws.At("feed").At("x"), () => [vae.Step(bits).NegativeElbo]);
        }

        if (model == "real_nvp")
        {
            var realNvp = NewRealNvp(1);
            var pictures = new RealNvpTrainer.Data(Images(data));
            return new ComparedTrainer(
                Learned(realNvp.Model.State), draws => draws.At("negative_elbo"), "dequantize", draws => draws.At("feed").At("x"), () => [realNvp.Step(pictures).NegativeElbo]) { HasUniformNoise = true };
        }

        if (model == "glow")
        {
            var glow = NewGlow(1);
            var pictures = new GlowTrainer.Data(Images(data));
            return new ComparedTrainer(
                [.. Learned(glow.Model.State), .. glow.Model.State.Where(item => !item.IsLearned).Select(item => item.Tensor)],
                draws => draws.At("negative_elbo"), "dequantize", draws => draws.At("feed").At("x"), () => [glow.Step(pictures).NegativeElbo]) { HasUniformNoise = true };
        }

        if (model == "maf")
        {
            var maf = NewMaf(1);
            var points = new MafTrainer.Data(Points(data));
            return new ComparedTrainer(
                Learned(maf.Model.State), draws => draws, null, draws => draws.At("feed").At("x"), () => [maf.Step(points).NegativeLogProb]);
        }

        if (model == "wgan_gp")
        {
            var wgan = NewWganGp(1);
            var pictures = new WganGpTrainer.Data(Images(data));
            return new ComparedTrainer(
                [.. Learned(wgan.G.State), .. Learned(wgan.D.State)], draws => draws, null, draws => draws.At("feed").At("real"), () =>
                {
                    var report = wgan.Step(pictures);
                    return [report.Penalty, report.Distance, report.D, report.G];
                }) { BatchesPerStep = WganGpExpert.CriticSteps, Drawn = WganGpNoise };
        }

        var dcgan = NewDcgan(1);
        var images = new DcganTrainer.Data(Images(data));
        return new ComparedTrainer(
            [.. Learned(dcgan.G.State), .. Learned(dcgan.D.State)], draws => draws.At("fake"), null, draws => draws.At("feed").At("real"), () =>
            {
                var report = dcgan.Step(images);
                return [report.D, report.G];
            });
    }

    private static VaeTrainer NewVae(int reportEvery) => new(new() { Seed = Seed, ReportEvery = reportEvery });

    private static DcganTrainer NewDcgan(int reportEvery) => new(new() { Seed = Seed, ReportEvery = reportEvery });

    private static WganGpTrainer NewWganGp(int reportEvery) => new(new() { Seed = Seed, ReportEvery = reportEvery });

    // Of each round the latents and the places on the lines, then the latents of the generator's own step.
    private static Tensor WganGpNoise(Draws root, int step, long[] shape)
    {
        var (rounds, batch, latents) = (shape[0] - 1, shape[1], shape[2] - 1);
        var noise = zeros(shape);
        for (var round = 0; round < rounds; round++)
        {
            using var latent = root.At("fake").At(step).At(round).Normal(batch, latents);
            using var place = root.At("penalty").At(step).At(round).Uniform(0, 1, batch);
            noise[round].narrow(1, 0, latents).copy_(latent);
            noise[round].select(1, latents).copy_(place);
        }

        using var last = root.At("G").At(step).Normal(batch, latents);
        noise[rounds].narrow(1, 0, latents).copy_(last);
        return noise;
    }

    private static RealNvpTrainer NewRealNvp(int reportEvery) => new(new() { Seed = Seed, ReportEvery = reportEvery, Batch = RealNvpBatch });

    private static GlowTrainer NewGlow(int reportEvery) =>
        new(new() { Seed = Seed, ReportEvery = reportEvery, Batch = GlowBatch, Hidden = GlowHidden, Steps = GlowSteps });

    private static MafTrainer NewMaf(int reportEvery) => new(new() { Seed = Seed, ReportEvery = reportEvery, Batch = MafBatch });

    private static Source Points(Tensor values) =>
        new("points", [new Column("point", ElementKind.Real, 0, double.NegativeInfinity, double.PositiveInfinity, values)]);

    private static Source Bits(Tensor values) => new("spots", [new Column("image", ElementKind.Bit, 2, 0, 1, values)]);

    private static Source Images(Tensor values) => new("spots", [new Column("image", ElementKind.Levels, 256, 0, 255, values)]);

    private static Tensor[] Learned(StateTable state) => [.. state.Learned.Select(item => item.Tensor)];

    /// <summary>A generated trainer seen from outside: its weights, where its randomness is addressed, and one step.</summary>
    internal sealed record ComparedTrainer(
        IReadOnlyList<Tensor> Weights, Func<Draws, Draws> NoiseSite, string? NoiseName, Func<Draws, Draws> FeedSite, Func<double[]> Step)
    {
        /// <summary>Whether the noise is uniform rather than normal.</summary>
        public bool HasUniformNoise { get; init; }

        /// <summary>Batches that a step takes.</summary>
        public long BatchesPerStep { get; init; } = 1;

        /// <summary>The noise of a step, where it is more than one draw.</summary>
        public Func<Draws, int, long[], Tensor>? Drawn { get; init; }

        private readonly Draws _root = Draws.Root(Seed, CPU);

        /// <summary>The rows of a step within the first pass.</summary>
        public Tensor Rows(int step, long batch)
        {
            using var order = FeedSite(_root).At(0).Permutation(BenchmarkData.Rows);
            using var part = order.narrow(0, step * batch * BatchesPerStep, batch * BatchesPerStep);
            return part.clone();
        }

        /// <summary>The noise of a step.</summary>
        public Tensor Noise(int step, long[] shape)
        {
            if (Drawn is not null)
            {
                return Drawn(_root, step, shape);
            }

            var site = NoiseSite(_root).At(step);
            var named = NoiseName is null ? site : site.At(NoiseName);
            return HasUniformNoise ? named.Uniform(0, 1, shape) : named.Normal(shape);
        }
    }
}
