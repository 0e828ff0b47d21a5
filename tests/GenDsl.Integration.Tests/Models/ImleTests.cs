using System;
using System.IO;
using System.Linq;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using GenDsl.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Models;

/// <summary>Implicit maximum likelihood (Li and Malik 2018): each datum has a sample near it.</summary>
public sealed class ImleTests
{
    private const string Toy = """
        space Point = f32[1]
        space Latent = f32[1] ~ normal(0, 1)
        net Generator(z: Latent) -> Point { z |> linear(32) |> tanh |> linear(32) |> tanh |> linear(1) }
        trainer Forward(pool = 8)(x: [N; Point]) {
            G = Generator()
            candidates = draw(Latent, pool * N)
            z = rows(candidates, nearest(x, among: stop(G(candidates))))
            minimize mean((G(z) - x)^2) over G with adam(3e-3)
            sample point = G(draw(Latent))
        }
        """;

    [Fact]
    public void BothModesAreCovered_AndEveryDatumHasASampleNearIt()
    {
        var program = new TrainedProgram("imle_toy", Toy);
        using ITrainer trainer = program.Create("Forward", ("batch", "32"), ("seed", "1"));
        float[] places = [.. Enumerable.Range(0, 64).Select(i => i % 2 == 0 ? -2f : 2f)];
        using var data = new Source("x", [new Column("x", ElementKind.Real, 0, double.NegativeInfinity, double.PositiveInfinity, tensor(places).reshape(64, 1))]);
        TrainedProgram.Step(trainer, 400, data);
        using Tensor drawn = trainer.Sample("point", new SampleRequest(1000), out _);
        float[] points = [.. drawn.data<float>()];
        foreach (float mode in new[] { -2f, 2f })
        {
            Assert.InRange(points.Min(p => Math.Abs(p - mode)), 0, 0.05);
            Assert.InRange(points.Count(p => Math.Abs(p - mode) < 0.5) / 1000.0, 0.05, 0.95);
        }
    }

    // Bright and dark images: rounds on other images than those that picked would draw every sample to the grey between them.
    [Fact]
    public void TheShippedModel_LearnsTheImagesThatPicked()
    {
        var program = new TrainedProgram("imle_images", File.ReadAllText(Repository.PathOf("models", "imle.gen")));
        using ITrainer trainer = program.Create("Imle", ("batch", "8"), ("width", "4"), ("seed", "3"));
        float[] pixels = [.. Enumerable.Range(0, 32 * 784).Select(i => i / 784 % 2 == 0 ? -0.8f : 0.8f)];
        using var data = new Source("real", [new Column("real", ElementKind.Real, 0, -1, 1, tensor(pixels).reshape(32, 1, 28, 28))]);
        TrainedProgram.Step(trainer, 100, data);
        using Tensor drawn = trainer.Sample("image", new SampleRequest(200), out _), light = drawn.mean([1, 2, 3]);
        Assert.True(light.max().item<float>() > 0.4f && light.min().item<float>() < -0.4f, $"{light.min().item<float>()} to {light.max().item<float>()}");
    }

    [Fact]
    public void TheShippedModel_Trains_Resumes_AndLeavesNothing()
    {
        var program = new TrainedProgram("imle", File.ReadAllText(Repository.PathOf("models", "imle.gen")));
        using var data = new Source("real", [new Column("real", ElementKind.Real, 0, -1, 1, Draws.Root(5, CPU).At("real").Uniform(-1, 1, 24, 1, 28, 28))]);
        ITrainer Create() => program.Create("Imle", ("batch", "6"), ("width", "4"), ("pool", "3"), ("seed", "3"));
        using ITrainer trainer = Create(), twin = Create();
        double first = TrainedProgram.Step(trainer, 1, data)[0].Values.Single().Value;
        double last = TrainedProgram.Step(trainer, 9, data)[^1].Values.Single().Value;
        Assert.True(last < first, $"{first} -> {last}");
        TrainedProgram.Step(twin, 10, data);
        Assert.All(trainer.State.Zip(twin.State), pair => Assert.True(pair.First.Tensor.equal(pair.Second.Tensor).all().item<bool>(), pair.First.Name));
        TrainedProgram.NoLeak(() => TrainedProgram.Step(trainer, 2, data));
    }
}
