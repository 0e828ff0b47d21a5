using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Models.Vae;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using Shapes = GenDsl.Runtime.Data.Shapes;

namespace GenDsl.Integration.Tests.Models;

/// <summary>The variational autoencoder that is shipped, as C# sees it.</summary>
public sealed class VaeTests
{
    private static readonly VaeTrainer.Options Small = new() { Dim = 4, Hidden = 32, Batch = 50, Seed = 3 };

    [Fact]
    public void UninformativeStart_CostsOneBitPerPixel()
    {
        using var trainer = new VaeTrainer(Small);
        Zero(trainer.Model.Encoder.State, "linear2");
        Zero(trainer.Model.Decoder.State, "linear2");
        using var images = torch.zeros(7, 1, 28, 28);
        using var elbo = trainer.Model.Elbo(new Bits(images), Draws.Root(1, torch.CPU));

        // 784 ln 2 for the pixels; the proposal is the prior, so the divergence is 0.
        Assert.Equal(7, elbo.size(0));
        Assert.All(elbo.data<float>().ToArray(), value => Assert.Equal(-784 * Math.Log(2), value, 1e-3));
    }

    [Fact]
    public void Elbo_IsTheMonteCarloAverage_OfTheThreeLogDensities()
    {
        using var model = new Vae(new() { Dim = 3, Hidden = 16, Seed = 5 });
        using var image = torch.ones(1, 1, 28, 28);
        const int Draws = 4000;
        using var many = image.expand(Draws, 1, 28, 28).contiguous();
        using var frozen = torch.no_grad();
        using var analytic = model.Elbo(new Bits(many), GenDsl.Runtime.Draws.Root(11, torch.CPU));

        // log p(x|z) + log p(z) - log q(z|x) with the same noise; only the divergence is computed another way.
        using var code = model.Encoder.forward(many);
        var halves = code.chunk(2, 1);
        using var noise = GenDsl.Runtime.Draws.Root(11, torch.CPU).At("z").Normal(Draws, 3);
        using var std = halves[1].exp();
        using var z = halves[0] + (std * noise);
        using var logits = model.Decoder.forward(z);
        using var likelihood = -torch.nn.functional.binary_cross_entropy_with_logits(logits, many, reduction: torch.nn.Reduction.None).sum([1, 2, 3]);
        using var prior = (-0.5 * z.pow(2)).sum(1);
        using var proposal = ((-0.5 * noise.pow(2)) - halves[1]).sum(1);
        using var sampled = likelihood + prior - proposal;
        double spread = (sampled - likelihood).std().item<float>() / Math.Sqrt(Draws);
        Assert.Equal(analytic.mean().item<float>(), sampled.mean().item<float>(), Math.Max(4 * spread, 1e-3));
    }

    [Fact]
    public void Training_LowersTheBound_AndLeaksNothing()
    {
        using var trainer = new VaeTrainer(Small);
        using var images = Shapes.Train(new() { Rows = 1000 });
        var data = new VaeTrainer.Data(images);
        double first = trainer.Step(data).NegativeElbo;
        for (int i = 0; i < 20; i++)
        {
            trainer.Step(data);
        }

        long before = LiveTensors.Count();
        double last = 0;
        for (int i = 0; i < 200; i++)
        {
            last = trainer.Step(data).NegativeElbo;
        }

        Assert.Equal(before, torch.Tensor.TotalCount);
        Assert.InRange(last, 0, first / 2);
    }

    [Fact]
    public async Task Evaluation_AndSamples_ChangeNothing()
    {
        await using var trainer = new VaeTrainer(Small);
        using var images = Shapes.Test(new() { Rows = 120 });
        Dictionary<string, float[]> weights = Weights(trainer.State);
        VaeTrainer.TestResult once = trainer.EvaluateTest(images);
        VaeTrainer.TestResult again = trainer.EvaluateTest(images);
        Bits samples = trainer.SampleX(5);

        Assert.Equal(once, again);
        Assert.Equal([5, 1, 28, 28], samples.Tensor.shape);
        Assert.All(samples.Tensor.data<float>().ToArray(), v => Assert.True(v is 0 or 1));
        Assert.Equal(weights, Weights(trainer.State));
        samples.Tensor.Dispose();
    }

    [Fact]
    public void Resume_IsTheUninterruptedRun_BitForBit()
    {
        using var folder = new TemporaryFolder();
        using var images = Shapes.Train(new() { Rows = 230 });
        using var whole = new VaeTrainer(Small);
        using var half = new VaeTrainer(Small);
        var data = new VaeTrainer.Data(images);
        for (int i = 0; i < 11; i++)
        {
            whole.Step(data);
        }

        for (int i = 0; i < 6; i++)
        {
            half.Step(data);
        }

        half.Save(folder.Path);
        using VaeTrainer resumed = VaeTrainer.Load(folder.Path);
        for (int i = 0; i < 5; i++)
        {
            resumed.Step(data);
        }

        Assert.Equal(11, resumed.GlobalStep);
        Assert.Equal(Weights(whole.State), Weights(resumed.State));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void Constructor_ChecksHyperparameters(int dim)
    {
        var error = Assert.Throws<GenDslException>(() => new VaeTrainer(new() { Dim = dim }));
        Assert.Contains("dim must be at least 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASpace_RefusesTensorsOfAnotherShapeOrRange()
    {
        using var wide = torch.zeros(2, 1, 28, 29);
        using var loud = torch.full([2, 1, 28, 28], 3f);
        Assert.Contains("[n, 1, 28, 28]", Assert.Throws<GenDslException>(() => Bits.From(wide)).Message, StringComparison.Ordinal);
        Assert.Throws<GenDslException>(() => Bits.From(loud));
    }

    internal static Dictionary<string, float[]> Weights(StateTable state) => state.ToDictionary(t => t.Name, t => t.Tensor.data<float>().ToArray());

    internal static void Zero(StateTable state, string layer)
    {
        using var frozen = torch.no_grad();
        foreach (var item in state.Where(t => t.Name.StartsWith(layer + ".", StringComparison.Ordinal)))
        {
            item.Tensor.fill_(0);
        }
    }
}
