using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Models.DenoisingAutoencoder;
using GenDsl.Models.RelativePatch;
using GenDsl.Models.Rotation;
using GenDsl.Models.SplitBrain;
using GenDsl.Models.Word2vec;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Models;

/// <summary>The pretext tasks and Word2Vec: what their objectives are where it is known (systems.md 35-39).</summary>
public sealed class PretextTests
{
    private const int Words = 10_000;

    private static Source Photos(int rows, int side = 32, int channels = 3) => new(
        "photos", [new Column("image", ElementKind.Real, 0, 0, 1, Draws.Root(2, CPU).At("photos").Uniform(0, 1, rows, channels, side, side))]);

    private static void Still(StateTable net)
    {
        using var frozen = no_grad();
        foreach (var item in net.Learned)
        {
            item.Tensor.fill_(0);
        }
    }

    [Fact]
    public void WhereAllIsSaidAlike_ItIsTheLogarithmOfTheChoices()
    {
        using Source photos = Photos(8);
        using var turns = new RotationTrainer(new() { Batch = 4, Width = 2 });
        Still(turns.H.State);
        Assert.Equal(Math.Log(4), turns.Step(new(photos)).FH, 1e-6);
        using var places = new RelativePatchTrainer(new() { Batch = 4, Width = 2 });
        Still(places.H.State);
        Assert.Equal(Math.Log(8), places.Step(new(photos)).FH, 1e-6);
        using var colours = new SplitBrainTrainer(new() { Batch = 4, Width = 2, Bins = 16 });
        Still(colours.Colours.State);
        Still(colours.Grey.State);
        var told = colours.Step(new(photos));
        Assert.Equal(Math.Log(16), told.Grey, 1e-5);

        // The weights of colours are 1 in the mean over what is expected, and before anything is seen all bins are alike.
        Assert.Equal(2 * Math.Log(16), told.Colour, 1e-4);
    }

    [Fact]
    public void ANetThatTurnsDoNotChange_CannotTellThem()
    {
        // Every photograph is the same after a quarter turn.
        Tensor corner = Draws.Root(2, CPU).At("corner").Uniform(0, 1, 8, 3, 32, 32);
        Tensor even = (corner + corner.rot90(1, (2, 3)) + corner.rot90(2, (2, 3)) + corner.rot90(3, (2, 3))) / 4;
        using Source photos = new("photos", [new Column("image", ElementKind.Real, 0, 0, 1, even)]);
        using var trainer = new RotationTrainer(new() { Batch = 8, Width = 2 });
        double least = Enumerable.Range(0, 10).Select(_ => trainer.Step(new(photos)).FH).Skip(2).Min();

        // Shifts see mirrored edges of one side, so that a moved image is not quite the same after a turn.
        Assert.InRange(least, Math.Log(4) - 0.25, double.PositiveInfinity);
    }

    [Fact]
    public void NothingWipedOut_IsAPlainAutoencoder_AndTheTargetIsWhole()
    {
        using Source images = Photos(16, 28, 1);
        using var trainer = new DenoisingAutoencoderTrainer(new() { Batch = 16, Mask = 0 });
        using Tensor x = images.Columns[0].Values.clone();
        double wanted;
        using (no_grad())
        {
            using Tensor logits = trainer.D.forward(trainer.E.forward(x));
            wanted = nn.functional.binary_cross_entropy_with_logits(logits, x, reduction: nn.Reduction.Sum).ToDouble() / 16;
        }

        Assert.Equal(wanted, trainer.Step(new(images)).ED, 1e-2);

        // Two steps wipe out different pixels: with nets that stay, the objective changes.
        using var masked = new DenoisingAutoencoderTrainer(new() { Batch = 16, Mask = 0.5, Lr = 1e-12 });
        Assert.NotEqual(masked.Step(new(images)).ED, masked.Step(new(images)).ED, 1e-4);
    }

    private static Source Pairs(IReadOnlyList<(short Center, short Context)> pairs, short[] noise)
    {
        Column Of(string name, Tensor values) => new(name, ElementKind.Code, Words, 0, Words - 1, values);
        return new Source("pairs", [Of("center", tensor(pairs.Select(p => p.Center).ToArray())), Of("context", tensor(pairs.Select(p => p.Context).ToArray())), Of("noise", tensor(noise).reshape(-1, 5))]);
    }

    [Fact]
    public void Word2Vec_BeginsAtSixTimesLn2_AndMovesOnlyWhatItMet()
    {
        using Source pairs = Pairs([(3, 4), (5, 6)], [7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
        using var trainer = new Word2VecTrainer(new() { Batch = 2, Dim = 8, V = 10_000 });
        using Tensor centres = trainer.In.State["embed1.weight"].Tensor.detach().clone(), contexts = trainer.Out.State["table.weight"].Tensor.detach().clone();
        Assert.Equal(6 * Math.Log(2), Step(trainer, pairs).InOut, 1e-5);
        long[] Moved(Tensor before, Tensor now) => [.. before.ne(now).any(1).nonzero().reshape(-1).data<long>().ToArray()];

        // At first all context vectors are 0, so that no centre has a slope; after that both have.
        Assert.Equal([4L, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], Moved(contexts, trainer.Out.State["table.weight"].Tensor));
        Step(trainer, pairs);
        Assert.Equal([3L, 5], Moved(centres, trainer.In.State["embed1.weight"].Tensor));
    }

    [Fact]
    public async Task TheOptimum_IsTheLogarithmOfHowMuchOftenerAWordStandsThereThanByChance()
    {
        // Three words with known pairs and words of chance.
        var random = new Random(3);
        List<(short, short)> pairs = [];
        double[,] often = { { 1, 4, 2 }, { 4, 1, 3 }, { 2, 3, 2 } };
        for (short i = 0; i < 3; i++)
        {
            for (short j = 0; j < 3; j++)
            {
                pairs.AddRange(Enumerable.Repeat((i, j), (int)(20 * often[i, j])));
            }
        }

        short[] noise = [.. Enumerable.Range(0, pairs.Count * 5).Select(_ => (short)random.Next(3))];
        using Source source = Pairs(pairs, noise);
        using var trainer = new Word2VecTrainer(new() { Batch = pairs.Count, Dim = 8, V = 10_000, Lr = 0.05 });
        await Fit(trainer, source, 1500);
        using Tensor scores = trainer.In.State["embed1.weight"].Tensor[..3].mm(trainer.Out.State["table.weight"].Tensor[..3].t());
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                double met = pairs.Count(p => p == ((short)i, (short)j));
                double byChance = Enumerable.Range(0, noise.Length).Count(n => pairs[n / 5].Item1 == i && noise[n] == j);
                Assert.Equal(Math.Log(met / byChance), scores[i, j].ToDouble(), 0.05);
            }
        }
    }

    private static Word2VecTrainer.Report Step(Word2VecTrainer trainer, Source pairs) => trainer.Step(new(pairs));

    private static async Task Fit(Word2VecTrainer trainer, Source pairs, long steps)
    {
        await foreach (var _ in trainer.Fit(new(pairs), RunLength.Steps(steps)))
        {
        }
    }
}
