using System;
using System.Linq;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Models.Dcgan;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using Shapes = GenDsl.Runtime.Data.Shapes;

namespace GenDsl.Integration.Tests.Models;

/// <summary>The deep convolutional GAN that is shipped, as C# sees it.</summary>
public sealed class DcganTests
{
    private static readonly DcganTrainer.Options Small = new() { Width = 4, Batch = 16, Seed = 9 };

    [Fact]
    public void Shapes_AreThePapersLadder()
    {
        using var generator = new Generator(new() { Width = 4 });
        using var critic = new Discriminator(new() { Width = 4 });
        using var latents = torch.randn(3, 100);
        Image images = generator.Apply(new Latent(latents));
        using var logits = critic.Apply(images);

        Assert.Equal([3, 1, 28, 28], images.Tensor.shape);
        Assert.InRange(images.Tensor.abs().max().item<float>(), 0, 1);
        Assert.Equal([3, 1], logits.shape);
        Assert.Equal(["batch_norm1", "batch_norm2"], generator.State.Where(t => t.Role == StateRole.Statistic).Select(t => t.Name.Split('.')[0]).Distinct());
        Assert.Equal(["batch_norm1"], critic.State.Where(t => t.Role == StateRole.Statistic).Select(t => t.Name.Split('.')[0]).Distinct());
        Assert.Equal(["batch_norm1", "batch_norm1", "conv1", "conv1", "conv2", "linear1", "linear1"], critic.State.Learned.Select(t => t.Name.Split('.')[0]).Order(StringComparer.Ordinal));
        images.Tensor.Dispose();
    }

    [Fact]
    public void UndecidedCritic_HasTheTextbookLosses()
    {
        using var trainer = new DcganTrainer(Small with { Lr = 0 });
        VaeTests.Zero(trainer.D.State, "linear1");
        using var images = Shapes.Train(new() { Rows = 64 });
        DcganTrainer.Report report = trainer.Step(new(images));

        Assert.Equal(2 * Math.Log(2), report.D, 1e-5);
        Assert.Equal(Math.Log(2), report.G, 1e-5);
    }

    [Fact]
    public void AStep_MovesBothPlayers_AndTheAverageFollows()
    {
        using var trainer = new DcganTrainer(Small);
        using var images = Shapes.Train(new() { Rows = 64 });
        var d = VaeTests.Weights(trainer.D.State);
        var g = VaeTests.Weights(trainer.G.State);
        var average = VaeTests.Weights(trainer.GAvg.State);
        Assert.Equal(g, average);
        trainer.Step(new(images));

        Assert.All(trainer.D.State.Learned, t => Assert.NotEqual(d[t.Name], t.Tensor.data<float>().ToArray()));
        Assert.All(trainer.G.State.Learned, t => Assert.NotEqual(g[t.Name], t.Tensor.data<float>().ToArray()));
        foreach (var item in trainer.GAvg.State)
        {
            float[] now = trainer.G.State[item.Name].Tensor.data<float>().ToArray();
            float[] expected = average[item.Name].Zip(now, (a, b) => (0.99f * a) + (0.01f * b)).ToArray();
            Assert.All(item.Tensor.data<float>().ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
        }
    }

    [Fact]
    public void RunningStatistics_AreWrittenByLearningCallsOnly()
    {
        // The critic learns from two calls, real and fake; the call inside the generator's objective must not count.
        using var trainer = new DcganTrainer(Small with { Lr = 0 });
        using var images = Shapes.Train(new() { Rows = 16 });
        trainer.Step(new(images));
        using var reference = new Discriminator(new() { Width = 4, Seed = 1 });
        using (torch.no_grad())
        {
            foreach (var item in reference.State.Where(t => t.IsLearned))
            {
                item.Tensor.copy_(trainer.D.State[item.Name].Tensor);
            }
        }

        // Both batches again, through a critic with the same weights, one learning call each.
        using var frozen = torch.no_grad();
        using var latents = Draws.Root(Small.Seed, torch.CPU).At("fake").At(0).Normal(16, 100);
        trainer.G.train();
        using var fake = trainer.G.forward(latents);
        using var real = RealBatch(images);
        reference.train();
        reference.forward(real).Dispose();
        reference.forward(fake).Dispose();
        foreach (var item in reference.State.Where(t => t.Role == StateRole.Statistic))
        {
            float[] expected = item.Tensor.data<float>().ToArray();
            Assert.All(trainer.D.State[item.Name].Tensor.data<float>().ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
        }
    }

    [Fact]
    public void Training_LeaksNothing()
    {
        using var trainer = new DcganTrainer(Small);
        using var images = Shapes.Train(new() { Rows = 64 });
        var data = new DcganTrainer.Data(images);
        for (int i = 0; i < 10; i++)
        {
            trainer.Step(data);
        }

        // What other tests have left to the collector goes now, not meanwhile.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = LiveTensors.Count();
        for (int i = 0; i < 200; i++)
        {
            trainer.Step(data);
        }

        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void Resume_IsTheUninterruptedRun_BitForBit()
    {
        using var folder = new TemporaryFolder();
        using var images = Shapes.Train(new() { Rows = 70 });
        using var whole = new DcganTrainer(Small);
        using var half = new DcganTrainer(Small);
        var data = new DcganTrainer.Data(images);
        for (int i = 0; i < 9; i++)
        {
            whole.Step(data);
        }

        for (int i = 0; i < 5; i++)
        {
            half.Step(data);
        }

        half.Save(folder.Path);
        using DcganTrainer resumed = DcganTrainer.Load(folder.Path);
        for (int i = 0; i < 4; i++)
        {
            resumed.Step(data);
        }

        Assert.Equal(VaeTests.Weights(whole.State), VaeTests.Weights(resumed.State));
    }

    // The only batch of a source of 16 rows, in the order of the source: batch statistics do not depend on the order.
    private static torch.Tensor RealBatch(Source images)
    {
        using var rows = torch.arange(16);
        using IColumnReader reader = images.Bind(new ColumnBinding("real", Image.Info));
        return reader.Gather(rows, Draws.Root(0, torch.CPU));
    }
}
