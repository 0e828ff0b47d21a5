using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using GenDsl.Integration.Tests.Entries;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using GenDsl.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Models;

/// <summary>The shipped GANs whose critics are spectrally normalised, untrained.</summary>
public sealed class SpectralGanTests
{
    private static readonly Lazy<TrainedProgram> Sngan = new(() => Shipped("sngan"));
    private static readonly Lazy<TrainedProgram> Sagan = new(() => Shipped("sagan"));
    private static readonly Lazy<TrainedProgram> BigGan = new(() => Shipped("biggan"));

    private static TrainedProgram Shipped(string model) => new(model, File.ReadAllText(Repository.PathOf("models", model + ".gen")));

    private static Source Images(bool labelled)
    {
        Draws draws = Draws.Root(5, CPU);
        var real = new Column("real", ElementKind.Real, 0, -1, 1, draws.At("real").Uniform(-1, 1, 24, 1, 28, 28));
        return labelled
            ? new Source("examples", [real, new Column("label", ElementKind.Class, 10, 0, 9, arange(24, ScalarType.Int64).remainder(10))])
            : new Source("real", [real]);
    }

    private static ITrainer Create(string model, params (string, string)[] more) => (model switch
    {
        "sngan" => Sngan,
        "sagan" => Sagan,
        _ => BigGan,
    }).Value.Create(model == "biggan" ? "BigGan" : char.ToUpperInvariant(model[0]) + model[1..], [("batch", "4"), ("width", "8"), ("seed", "3"), .. more]);

    private static StateTable State(ITrainer trainer, string net) => trainer.Nets.Single(n => n.Name == net).State;

    [Theory]
    [InlineData("sngan")]
    [InlineData("sagan")]
    [InlineData("biggan")]
    public void AnUndecidedCritic_HasTheHingeLosses(string model)
    {
        string[] rates = model switch { "sngan" => ["lr"], "sagan" => ["lr_g", "lr_d"], _ => ["lr_g", "lr_d", "beta"] };
        ITrainer trainer = Create(model, [.. rates.Select(r => (r, "0"))]);
        using (no_grad())
        {
            foreach (StateTensor item in State(trainer, "D").Learned.Where(s => s.Name.StartsWith("linear", StringComparison.Ordinal) || s.Name.StartsWith("embed", StringComparison.Ordinal)))
            {
                item.Tensor.zero_();
            }
        }

        IReport report = TrainedProgram.Step(trainer, 1, Images(model != "sngan")).Single();
        Assert.Equal(2, report.Values.Single(v => v.Name == "D").Value, 1e-6);
        Assert.Equal(0, report.Values.Single(v => v.Name == "G").Value, 1e-6);
    }

    [Theory]
    [InlineData("sngan")]
    [InlineData("sagan")]
    [InlineData("biggan")]
    public void EveryKernelAndGateLearns_AndNothingLeaks(string model)
    {
        ITrainer trainer = Create(model);
        Source data = Images(model != "sngan");
        Dictionary<string, Tensor>[] before = [TrainedProgram.Weights(trainer, "G"), TrainedProgram.Weights(trainer, "D")];

        // Attention learns behind its gate, which leaves 0 in the first step.
        TrainedProgram.Step(trainer, 3, data);
        foreach ((string net, int i) in new[] { ("G", 0), ("D", 1) })
        {
            Assert.All(State(trainer, net).Learned.Where(s => s.Role == StateRole.Kernel || s.Name.EndsWith("gate", StringComparison.Ordinal)), s => Assert.False(s.Tensor.equal(before[i][s.Name]).all().item<bool>(), s.Name));
        }

        TrainedProgram.NoLeak(() => TrainedProgram.Step(trainer, 2, data));
    }

    [Fact]
    public void SpectralNorms_AreInTheCriticOnly_OrInBothPlayers()
    {
        int Count(ITrainer trainer, string net) => State(trainer, net).Count(s => s.Role == StateRole.PowerVector);
        ITrainer first = Create("sngan");
        ITrainer second = Create("sagan");
        Assert.Equal(0, Count(first, "G"));
        Assert.All([State(first, "D"), State(second, "D"), State(second, "G")], s => Assert.Equal(s.Count(t => t.Role == StateRole.PowerVector), s.Count(t => t.Name.EndsWith("weight_orig", StringComparison.Ordinal))));

        // Of the second, the tables of the normalisations are as they were, and that of the projection is wrapped by itself.
        Assert.All([State(first, "D"), State(second, "D"), State(second, "G")], s => Assert.DoesNotContain(s, t => t.Role == StateRole.Kernel && !t.Name.EndsWith("weight_orig", StringComparison.Ordinal)));
        Assert.Equal(8, State(second, "G").Count(t => t.Name.Contains("embed", StringComparison.Ordinal)));
        Assert.Contains(State(second, "D"), t => t.Name == "embed1.weight_u");

        // The third has one table for all blocks, and gains and biases are linear in it.
        ITrainer third = Create("biggan");
        Assert.Single(State(third, "G"), t => t.Name.Contains("embed", StringComparison.Ordinal));
        Assert.All([State(third, "D"), State(third, "G")], s => Assert.DoesNotContain(s, t => t.Role == StateRole.Kernel && !t.Name.EndsWith("weight_orig", StringComparison.Ordinal)));
        Assert.Contains(State(third, "D"), t => t.Name == "embed1.weight_u");
    }

    [Theory]
    [InlineData("G", "\n    repeat critic_steps {\n")]
    [InlineData("D", "\n    accumulate parts {\n")]
    public void OfBigGan_AnUpdateChangesItsOwnTensorsOnly(string player, string other)
    {
        // Without the block in which the other player moves.
        string text = File.ReadAllText(Repository.PathOf("models", "biggan.gen"));
        int start = text.IndexOf(other, StringComparison.Ordinal) + 1;
        int end = text.IndexOf("\n    }\n", start, StringComparison.Ordinal) + 7;
        using ITrainer trainer = new TrainedProgram("biggan_" + player, text[..start] + text[end..]).Create("BigGan", ("batch", "4"), ("width", "4"));
        var still = State(trainer, player == "G" ? "D" : "G").Select(s => (s.Tensor, Copy: s.Tensor.detach().clone())).ToList();
        var before = TrainedProgram.Weights(trainer, player);
        TrainedProgram.Step(trainer, 2, Images(labelled: true));
        Assert.NotEmpty(still);
        still.ForEach(pair => TensorAssert.Same(pair.Copy, pair.Tensor));
        Assert.Contains(TrainedProgram.Weights(trainer, player), pair => !pair.Value.equal(before[pair.Key]).all().item<bool>());
    }

    [Theory]
    [InlineData("sngan")]
    [InlineData("sagan")]
    [InlineData("biggan")]
    public void StoppedAndResumed_ItIsTheOneThatWasNot_BitForBit(string model)
    {
        (string, string)[] options = model == "biggan" ? [("average_from", "3"), ("parts", "2")] : [];
        using Source data = Images(model != "sngan");
        using ITrainer whole = Create(model, options);
        TrainedProgram.Step(whole, 2, data);
        var vectors = whole.State.Where(s => s.Role == StateRole.PowerVector).Select(s => (s.Tensor, Copy: s.Tensor.detach().clone())).ToList();
        TrainedProgram.Step(whole, 2, data);
        using ITrainer first = Create(model, options);
        TrainedProgram.Step(first, 2, data);
        using var folder = new TemporaryFolder();
        string at = first.Save(folder.Path);
        using ITrainer resumed = first.Descriptor.Load(at, new OptionBag());

        // As it is before the first step, too: nothing iterates anew where a run is loaded.
        TensorAssert.Same(first.State, resumed.State);
        TrainedProgram.Step(resumed, 2, data);
        TensorAssert.Same(whole.State, resumed.State);

        // The vectors have moved in between, so that they must have been in the checkpoint; one of a single number is 1 or -1 for ever.
        vectors.RemoveAll(pair => pair.Copy.numel() == 1);
        Assert.NotEmpty(vectors);
        Assert.All(vectors, pair => Assert.False(pair.Copy.equal(pair.Tensor).all().item<bool>()));
    }

    [Fact]
    public void TheAverageOfBigGan_BeginsLater()
    {
        using ITrainer trainer = Create("biggan", ("average_from", "2"));
        TrainedProgram.Step(trainer, 2, Images(labelled: true));
        TensorAssert.Same(State(trainer, "G").Learned, State(trainer, "G_avg").Learned);
        Dictionary<string, Tensor> average = TrainedProgram.Weights(trainer, "G");
        for (int i = 0; i < 2; i++)
        {
            TrainedProgram.Step(trainer, 1, Images(labelled: true));
            foreach (var (name, now) in TrainedProgram.Weights(trainer, "G"))
            {
                average[name] = (0.999 * average[name]) + (0.001 * now);
            }
        }

        Assert.All(State(trainer, "G_avg").Learned, s => TensorAssert.Close(average[s.Name], s.Tensor, 1e-6));
    }

    [Fact]
    public void SamplesOfBigGan_AreTruncated()
    {
        using ITrainer trainer = Create("biggan");
        Tensor At(double limit) => trainer.Sample("image", new SampleRequest(6) { Numbers = new Dictionary<string, double> { ["truncation"] = limit } }, out _);
        using Tensor far = At(30);
        using Tensor farther = At(1e300);
        using Tensor near = At(0.5);
        using Tensor again = At(0.5);
        using Tensor standard = trainer.Sample("image", new SampleRequest(6), out _);
        using Tensor two = At(2);
        TensorAssert.Same(far, farther);
        TensorAssert.Same(near, again);
        TensorAssert.Same(standard, two);
        Assert.False(near.equal(far).all().item<bool>());
        Assert.Throws<GenDslException>(() => At(0));
        Assert.Throws<GenDslException>(() => trainer.Sample("image", new SampleRequest(6) { Numbers = new Dictionary<string, double> { ["psi"] = 1 } }, out _));
    }

    [Fact]
    public void WithoutConditionalWeights_TheNormalisationIsThePlainOne()
    {
        string text = File.ReadAllText(Repository.PathOf("models", "biggan.gen"));
        int start = text.IndexOf("net StyledBatchNorm", StringComparison.Ordinal);
        string net = text[start..text.IndexOf("\n}\n", start, StringComparison.Ordinal)] + "\n}\n";
        var styled = new CompiledNet(net, ("c", 3), ("d", 5));
        var plain = new CompiledNet("net N(x: [c, h, w]) { x |> batch_norm }", ("c", 3));
        using Tensor x = CompiledNet.Normal(6, 3, 4, 4);
        using Tensor style = CompiledNet.Normal(6, 5);
        using Tensor moved = styled.Run(x, style);
        Assert.All(styled.State.Learned, s => Assert.Equal(StateRole.Kernel, s.Role));
        using (no_grad())
        {
            foreach (StateTensor weight in styled.State.Learned)
            {
                weight.Tensor.zero_();
            }
        }

        using Tensor expected = plain.Run(x);
        using Tensor found = styled.Run(x, style);
        TensorAssert.Close(expected, found, 1e-12);
        Assert.False(moved.equal(expected).all().item<bool>());
    }

    [Fact]
    public void TheClassOfANormalisation_SaysGainAndBias()
    {
        var net = new CompiledNet("space Digit = class[3]\nnet N(x: [2, h, w], y: Digit) { (x, y) |> ConditionalBatchNorm }");
        using Tensor x = CompiledNet.Normal(6, 2, 3, 4);
        using Tensor y = tensor(new long[] { 0, 1, 2, 0, 1, 2 });
        using (no_grad())
        {
            net.State["conditionalBatchNorm.embed1.weight"].Tensor.copy_(tensor(new double[] { 1, 2, 3, 4, 5, 6 }).reshape(3, 2));
            net.State["conditionalBatchNorm.embed2.weight"].Tensor.copy_(tensor(new double[] { 0, -1, 0.5, 0, 7, 0 }).reshape(3, 2));
        }

        using Tensor found = net.Run(x, y);
        using Tensor gain = net.State["conditionalBatchNorm.embed1.weight"].Tensor.detach().index_select(0, y).reshape(6, 2, 1, 1);
        using Tensor bias = net.State["conditionalBatchNorm.embed2.weight"].Tensor.detach().index_select(0, y).reshape(6, 2, 1, 1);
        using Tensor mean = x.mean([0, 2, 3], keepdim: true);
        using Tensor variance = (x - mean).square().mean([0, 2, 3], keepdim: true);
        TensorAssert.Close((gain * ((x - mean) / (variance + 1e-5).sqrt())) + bias, found, 1e-12);
    }

    [Theory]
    [InlineData(new long[] { 5, 3 })]
    [InlineData(new long[] { 3, 2, 4 })]
    [InlineData(new long[] { 4 })]
    public void AnOrthogonalMatrix_IsOne(long[] shape)
    {
        using Tensor w = empty(shape, ScalarType.Float64);
        Initializer.Orthogonal().Fill(w, Draws.Root(1, CPU, ScalarType.Float64).At("w"));
        using Tensor matrix = w.reshape(shape[0], -1);
        using Tensor gram = matrix.size(0) > matrix.size(1) ? matrix.t().mm(matrix) : matrix.mm(matrix.t());
        TensorAssert.Close(eye(gram.size(0), dtype: ScalarType.Float64), gram, 1e-12);
    }
}
