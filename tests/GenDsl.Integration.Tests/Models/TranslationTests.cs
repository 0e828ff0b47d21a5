using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using GenDsl.Integration.Tests.Entries;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Integration.Tests.Training;
using GenDsl.Models.Cyclegan;
using GenDsl.Models.Pix2pix;
using GenDsl.Models.Spade;
using GenDsl.Models.Vid2vid;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using GenDsl.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Models;

/// <summary>Translation of pictures and films, untrained (systems.md 31, 31b, 31c and 43).</summary>
public sealed class TranslationTests
{
    private static readonly Source Pairs = DataSets.Open("paired-shapes-color", new DataOptions { Rows = 8 });

    private static Source Only(string column, bool isTurned = false)
    {
        Column of = Pairs.Columns.Single(c => c.Name == column);
        return new Source(column, [new Column(column, of.Kind, of.Count, of.Low, of.High, isTurned ? of.Values.flip(0) : of.Values.alias())]);
    }

    private static Tensor Pictures(string column, params long[] rows)
    {
        using IColumnReader reader = Pairs.Bind(new ColumnBinding(column, GenDsl.Models.Pix2pix.Picture.Info));
        return reader.Gather(tensor(rows), Draws.Root(1, CPU));
    }

    [Fact]
    public void ThePatchCriticOfPix2Pix_LooksAt16Pixels_AndAtWhatIsTranslatedToo()
    {
        using var trainer = new Pix2PixTrainer(new() { Batch = 4, Width = 4 });
        trainer.D.eval();
        using Tensor x = cat([Pictures("outline", 0), Pictures("filled", 0)], 1).requires_grad_();
        using Tensor verdict = trainer.D.forward(x);
        Assert.Equal([1L, 1, 14, 14], verdict.shape);
        using Tensor slope = autograd.grad([verdict[0, 0, 7, 6]], [x])[0];
        using Tensor seen = slope.abs().sum([0, 1]).gt(0);
        Assert.True(seen[9..25, 7..23].all().item<bool>());
        Assert.Equal(16 * 16, seen.sum().item<long>());
        using Tensor other = trainer.D.forward(cat([Pictures("outline", 1), Pictures("filled", 0)], 1));
        Assert.False(other.equal(verdict).all().item<bool>());
    }

    [Theory]
    [InlineData(100)]
    [InlineData(0)]
    public void TheObjectiveOfPix2Pix_IsWhatItsCriticSays_AndSoMuchOfTheDistance(double lambda)
    {
        using var trainer = new Pix2PixTrainer(new() { Batch = 4, Width = 4, Lambda = lambda });
        Pix2PixTrainer.Report report = trainer.Step(new(Pairs));
        Assert.Equal(report.Adversarial + (lambda * report.Distance), report.G, 1e-3);
        Assert.InRange(report.Distance, 0.1, 2);
        TrainedProgram.NoLeak(() => trainer.Step(new(Pairs)));
    }

    [Fact]
    public void DropoutStays_WherePix2PixTranslates_AndIsItsOnlyNoise()
    {
        using var same = new GenDsl.Models.Pix2pix.Picture(Pictures("outline", 0, 0, 1)).Tensor;
        Tensor Translated(double noise)
        {
            using var trainer = new Pix2PixTrainer(new() { Batch = 4, Width = 4, Noise = noise, Seed = 2 });
            using Tensor once = trainer.SampleTranslated(new(same)).Tensor;
            Tensor again = trainer.SampleTranslated(new(same)).Tensor;
            TensorAssert.Same(once, again);
            Assert.Equal([3L, 3, 32, 32], again.shape);
            return again;
        }

        using Tensor noisy = Translated(0.5), plain = Translated(0);
        Assert.False(noisy[0].sub(noisy[1]).abs().lt(1e-4).all().item<bool>());
        TensorAssert.Close(plain[0], plain[1], 1e-6);
        Assert.False(plain[0].sub(plain[2]).abs().lt(1e-4).all().item<bool>());
    }

    [Fact]
    public void Pix2Pix_IsMeasuredBesideWhatIsNotTranslated()
    {
        using var trainer = new Pix2PixTrainer(new() { Batch = 4, Width = 4 });
        Pix2PixTrainer.TestResult result = trainer.EvaluateTest(Pairs);
        using Tensor outline = Pictures("outline", 0, 1, 2, 3, 4, 5, 6, 7), filled = Pictures("filled", 0, 1, 2, 3, 4, 5, 6, 7);
        Assert.Equal((outline - filled).abs().mean().item<float>(), result.Untranslated, 1e-5);
        Assert.Equal(filled.abs().mean().item<float>(), result.MeanPicture, 1e-5);
        using var colours = new ColouriseTrainer(new() { Batch = 4, Width = 4 });
        using Source photos = Only("filled");
        Assert.InRange(colours.EvaluateTest(photos).Grey, 0.01, 0.5);
        Assert.True(double.IsFinite(colours.Step(new(photos)).G));
    }

    private static void Copy(StateTable from, StateTable to)
    {
        using var frozen = no_grad();
        foreach (StateTensor item in from)
        {
            to[item.Name].Tensor.copy_(item.Tensor);
        }
    }

    [Fact]
    public void CycleGan_IsTheSameFromTheOtherSide()
    {
        using var one = new CycleGanTrainer(new() { Batch = 8, Width = 2, Blocks = 1, Seed = 1 });
        using var other = new CycleGanTrainer(new() { Batch = 8, Width = 2, Blocks = 1, Seed = 9 });
        Copy(one.ToFilled.State, other.ToOutline.State);
        Copy(one.ToOutline.State, other.ToFilled.State);
        Copy(one.OfFilled.State, other.OfOutline.State);
        Copy(one.OfOutline.State, other.OfFilled.State);
        using Source outline = Only("outline"), filled = Only("filled");
        CycleGanTrainer.Report there = one.Step(new(outline, filled)), back = other.Step(new(filled, outline));
        Assert.Equal([there.Adversarial, there.ThereAndBack, there.Stays, there.OfFilled, there.OfOutline], [back.Adversarial, back.ThereAndBack, back.Stays, back.OfOutline, back.OfFilled], (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void ForCycleGan_TheOrderOfTheOtherPictures_IsNothing()
    {
        CycleGanTrainer.Report Of(bool isTurned)
        {
            using var trainer = new CycleGanTrainer(new() { Batch = 8, Width = 2, Blocks = 1, Seed = 1, Cycle = 3, Identity = 2 });
            using Source outline = Only("outline"), filled = Only("filled", isTurned);
            return trainer.Step(new(outline, filled));
        }

        CycleGanTrainer.Report plain = Of(false), turned = Of(true);
        Assert.Equal(plain.ToFilledToOutline, turned.ToFilledToOutline, 1e-4);
        Assert.Equal(plain.OfFilledOfOutline, turned.OfFilledOfOutline, 1e-4);
        Assert.Equal(plain.Adversarial + (3 * plain.ThereAndBack) + (2 * plain.Stays), plain.ToFilledToOutline, 1e-4);
        Assert.Equal(0.5 * (plain.OfFilled + plain.OfOutline), plain.OfFilledOfOutline, 1e-4);
    }

    [Fact]
    public void CycleGan_KeepsFiftyTranslations_AndLeavesNothingBehind()
    {
        using var trainer = new CycleGanTrainer(new() { Batch = 8, Width = 2, Blocks = 1 });
        using Source outline = Only("outline"), filled = Only("filled");
        for (int i = 0; i < 8; i++)
        {
            trainer.Step(new(outline, filled));
        }

        Assert.Equal(50, trainer.State["old_filled.held"].Tensor.item<long>());
        TrainedProgram.NoLeak(() => trainer.Step(new(outline, filled)));
    }

    private static CompiledNet SpadeNet()
    {
        string text = File.ReadAllText(Repository.PathOf("models", "spade.gen"));
        return new CompiledNet(text[text.IndexOf("net Spade(", StringComparison.Ordinal)..text.IndexOf("/// A residual block", StringComparison.Ordinal)], ("c", 4), ("k", 3));
    }

    [Fact]
    public void SpadeWithoutGainAndBias_IsTheNormalisation_AndAnEvenMapMovesAllAlike()
    {
        CompiledNet net = SpadeNet();
        using Tensor map = zeros(2, 3, 8, 9, ScalarType.Float64), none = zeros(2, 4, 8, 9, ScalarType.Float64);
        map[0, 1] = 1;
        map[1, 2] = 1;

        // Without an input it is the bias; how far it goes with one is the gain, and 1.
        using Tensor x = CompiledNet.Normal(2, 4, 8, 9);
        using Tensor normed = nn.functional.batch_norm(x, zeros(4, ScalarType.Float64), ones(4, ScalarType.Float64), training: true);
        using Tensor bias = net.Run(none, map), gain = (net.Run(x, map) - bias) / normed;
        foreach (Tensor field in new[] { bias, gain })
        {
            using Tensor inner = field[.., .., 2..6, 2..7];
            TensorAssert.Close(inner[.., .., ..1, ..1].expand_as(inner), inner, 1e-8);
            Assert.False(inner[0].sub(inner[1]).abs().lt(1e-6).all().item<bool>());
        }

        using (no_grad())
        {
            foreach (string layer in new[] { "conv2", "conv3" })
            {
                net.State[layer + ".weight"].Tensor.fill_(0);
                net.State[layer + ".bias"].Tensor.fill_(0);
            }
        }

        using Tensor y = net.Run(x, map);
        TensorAssert.Close(normed, y, 1e-12);
    }

    [Fact]
    public void OfTheNamesOfLabels_SpadeKnowsNothing()
    {
        CompiledNet net = SpadeNet();
        using Tensor x = CompiledNet.Normal(1, 4, 5, 6), map = CompiledNet.Normal(1, 3, 5, 6);
        using Tensor order = tensor(new long[] { 2, 0, 1 });
        using Tensor before = net.Run(x, map);
        using (no_grad())
        {
            StateTensor kernel = net.State.Single(s => s.Tensor.dim() == 4 && s.Tensor.size(1) == 3);
            using Tensor turned = kernel.Tensor.index_select(1, order);
            kernel.Tensor.copy_(turned);
        }

        using Tensor after = net.Run(x, map.index_select(1, order));
        TensorAssert.Close(before, after, 1e-12);
    }

    [Fact]
    public void SpadeGan_SeesInPicturesWhatTheirMapsSay_AndLearns()
    {
        using Source scenes = DataSets.Open("shape-scenes", new DataOptions { Rows = 16 });
        using var trainer = new SpadeGanTrainer(new() { Batch = 4, Width = 4 });
        SpadeGanTrainer.TestResult result = trainer.EvaluateTest(scenes);
        Assert.InRange(result.RealPixels, 0.96, 1);
        Assert.InRange(result.Pixels, 0, 0.9);
        var before = TrainedProgram.Weights(trainer, "G");
        Assert.True(double.IsFinite(trainer.Step(new(scenes)).G));
        Assert.All(TrainedProgram.Weights(trainer, "G").Where(w => w.Value.dim() > 1), w => Assert.False(w.Value.equal(before[w.Key]).all().item<bool>(), w.Key));
        TrainedProgram.NoLeak(() => trainer.Step(new(scenes)));
    }

    [Fact]
    public void AFilmWithoutFlowAndMask_StandsStill_AndGradientsGoBackThroughTwoFrames()
    {
        using Source films = DataSets.Open("moving-shapes", new DataOptions { Rows = 8 });
        using var trainer = new Vid2VidTrainer(new() { Batch = 4, Width = 4 });
        using Tensor start = Draws.Root(1, CPU).Uniform(-1, 1, 2, 2, 28, 28).requires_grad_(), lines = Draws.Root(2, CPU).Uniform(-1, 1, 2, 6, 28, 28);
        var (film, _) = trainer.F.forward(start, lines);
        for (int i = 0; i < 4; i++)
        {
            using Tensor one = film[.., i].sum();
            using Tensor? slope = autograd.grad([one], [start], retain_graph: true, allow_unused: true)[0];
            Assert.Equal(i < 2, slope is not null && slope.abs().sum().item<float>() > 0);
        }

        // The flow is born 0; the mask is the first convolution to one channel.
        using (no_grad())
        {
            string mask = trainer.F.State.First(s => s.Tensor.dim() == 4 && s.Tensor.size(0) == 1 && s.Tensor.size(1) == 4).Name;
            trainer.F.State[mask].Tensor.fill_(0);
            trainer.F.State[mask.Replace("weight", "bias", StringComparison.Ordinal)].Tensor.fill_(-100);
        }

        using Tensor still = trainer.F.forward(start, lines).Item1;
        TensorAssert.Close(start[.., 1..].expand(2, 4, 28, 28), still, 1e-4);

        // A film that stands still flickers where the shape moves; the true one hardly does.
        Vid2VidTrainer.TestResult result = trainer.EvaluateTest(films);
        Assert.Equal(result.StandsStill, result.Error, 1e-4);
        Assert.InRange(result.RealFlickers, 0, 0.5 * result.StandsStill);
        Assert.True(double.IsFinite(trainer.Step(new(films)).F));
        TrainedProgram.NoLeak(() => trainer.Step(new(films)));
    }
}
