using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using GenDsl.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Models;

/// <summary>Games in which images tell what they were made of: InfoGAN and BigBiGAN.</summary>
public sealed class CodesTests
{
    private static readonly Lazy<TrainedProgram> InfoGan = new(() => new TrainedProgram("infogan", Text("infogan")));
    private static readonly Lazy<TrainedProgram> BigBiGan = new(() => new TrainedProgram("bigbigan", Text("bigbigan")));

    private static string Text(string model) => File.ReadAllText(Repository.PathOf("models", model + ".gen"));

    private static Source Images(string name, int rows = 64) =>
        new(name, [new Column(name, ElementKind.Real, 0, -1, 1, Draws.Root(5, CPU).At("real").Uniform(-1, 1, rows, 1, 28, 28)), new Column("label", ElementKind.Class, 10, 0, 9, arange(rows, ScalarType.Int64).remainder(10))]);

    private static StateTable State(ITrainer trainer, string net) => trainer.Nets.Single(n => n.Name == net).State;

    private static void Zero(StateTable net, Func<string, bool> which)
    {
        using var frozen = no_grad();
        List<StateTensor> found = [.. net.Learned.Where(s => which(s.Name))];
        Assert.NotEmpty(found);
        found.ForEach(s => s.Tensor.zero_());
    }

    [Fact]
    public void ARecognitionThatKnowsNothing_IsTheEntropyOfItsLaws()
    {
        using ITrainer trainer = InfoGan.Value.Create("InfoGan", ("batch", "64"), ("width", "2"), ("seed", "3"));
        using Source data = Images("real");
        Zero(State(trainer, "Q"), name => name.Contains("linear2", StringComparison.Ordinal));
        double told = TrainedProgram.Step(trainer, 1, data).Single().Values.Single(v => v.Name == "told").Value;

        // Ten kinds alike; two codes, uniform in [-1, 1], under a normal law of mean 0 and deviation 1.
        Assert.Equal(-Math.Log(10) - Math.Log(2 * Math.PI) - (1.0 / 3), told, 0.15);
    }

    [Fact]
    public void InfoGan_MovesAllItsNets_LeavesNothing_AndIsSeenByItsKinds()
    {
        using ITrainer trainer = InfoGan.Value.Create("InfoGan", ("batch", "8"), ("width", "2"), ("seed", "3"));
        using Source data = Images("real");
        var before = new[] { "G", "T", "D", "Q" }.ToDictionary(net => net, net => TrainedProgram.Weights(trainer, net));
        TrainedProgram.Step(trainer, 2, data);
        foreach (var (net, weights) in before)
        {
            Assert.All(State(trainer, net).Learned.Where(s => s.Role == StateRole.Kernel), s => Assert.False(s.Tensor.equal(weights[s.Name]).all().item<bool>(), $"{net}.{s.Name}"));
        }

        TrainedProgram.NoLeak(() => TrainedProgram.Step(trainer, 1, data));
        using Tensor threes = trainer.Sample("image", new SampleRequest(4) { Classes = new Dictionary<string, long[]> { ["kind"] = [3] } }, out _);
        using Tensor fours = trainer.Sample("image", new SampleRequest(4) { Classes = new Dictionary<string, long[]> { ["kind"] = [4] } }, out _);
        Assert.False(threes.equal(fours).all().item<bool>());
        Assert.InRange(trainer.Evaluate("digits", new Dictionary<string, Source> { ["x"] = data }).Single().Value, 0.1, 0.6);
    }

    [Fact]
    public void InfoWithoutWeight_LeavesTheRecognitionWhereItWas()
    {
        using ITrainer trainer = InfoGan.Value.Create("InfoGan", ("batch", "8"), ("width", "2"), ("seed", "3"), ("info", "0"));
        using Source data = Images("real");
        var before = TrainedProgram.Weights(trainer, "Q");
        TrainedProgram.Step(trainer, 1, data);
        Assert.All(TrainedProgram.Weights(trainer, "Q"), pair => TensorAssert.Same(before[pair.Key], pair.Value));
    }

    [Fact]
    public void AnUndecidedJointCritic_HasThreeHingeLossesOfBothPairs()
    {
        using ITrainer trainer = BigBiGan.Value.Create("BigBiGan", ("batch", "4"), ("width", "2"), ("seed", "3"), ("lr_g", "0"), ("lr_d", "0"));
        using Source data = Images("x", 8);
        Zero(State(trainer, "D"), name => name.StartsWith("linear", StringComparison.Ordinal));
        IReport report = TrainedProgram.Step(trainer, 1, data).Single();
        Assert.Equal(6, report.Values.Single(v => v.Name == "D").Value, 1e-6);
        Assert.Equal(0, report.Values.Single(v => v.Name == "G_E").Value, 1e-6);
    }

    [Fact]
    public void GeneratorAndEncoder_MoveTogether_AndNotTheCritic()
    {
        // Without the statement in which the critic moves.
        string text = string.Join("\n", Text("bigbigan").Split('\n').Where(line => !line.Contains("over D with", StringComparison.Ordinal)));
        using ITrainer trainer = new TrainedProgram("bigbigan_g", text).Create("BigBiGan", ("batch", "4"), ("width", "2"), ("seed", "3"));
        using Source data = Images("x", 8);
        var critic = TrainedProgram.Weights(trainer, "D");
        var (generator, encoder) = (TrainedProgram.Weights(trainer, "G"), TrainedProgram.Weights(trainer, "E"));
        TrainedProgram.Step(trainer, 1, data);
        Assert.All(TrainedProgram.Weights(trainer, "D"), pair => TensorAssert.Same(critic[pair.Key], pair.Value));
        foreach (var (net, weights) in new[] { ("G", generator), ("E", encoder) })
        {
            Assert.All(State(trainer, net).Learned.Where(s => s.Role == StateRole.Kernel), s => Assert.False(s.Tensor.equal(weights[s.Name]).all().item<bool>(), s.Name));
        }
    }

    [Fact]
    public void AReconstruction_IsOfTheImagesGiven_AndNothingLeaks()
    {
        using ITrainer trainer = BigBiGan.Value.Create("BigBiGan", ("batch", "4"), ("width", "2"), ("seed", "3"));
        using Source data = Images("x", 8);
        TrainedProgram.Step(trainer, 1, data);
        TrainedProgram.NoLeak(() => TrainedProgram.Step(trainer, 1, data));
        using Tensor images = data.Columns[0].Values.narrow(0, 0, 3).to(ScalarType.Float32);
        using Tensor turned = images.flip(0);
        Tensor Of(Tensor x) => trainer.Sample("reconstruction", new SampleRequest(3) { Rows = new Dictionary<string, Tensor> { ["x"] = x } }, out _);
        using Tensor there = Of(images), back = Of(turned).flip(0);
        TensorAssert.Close(there, back, 1e-5);
        using Tensor more = trainer.Sample("reconstruction", new SampleRequest(5) { Rows = new Dictionary<string, Tensor> { ["x"] = images } }, out _);
        TensorAssert.Close(more.narrow(0, 0, 2), more.narrow(0, 3, 2), 1e-5);
        using Tensor far = images + 2;
        Assert.Throws<GenDslException>(() => trainer.Sample("reconstruction", new SampleRequest(3) { Rows = new Dictionary<string, Tensor> { ["x"] = far } }, out _));
        Assert.Contains("rows must be given", Assert.Throws<GenDslException>(() => trainer.Sample("reconstruction", new SampleRequest(5), out _)).Message, StringComparison.Ordinal);
    }
}
