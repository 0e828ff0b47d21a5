using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using GenDsl.Integration.Tests.Entries;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using GenDsl.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using Shapes = GenDsl.Runtime.Data.Shapes;

namespace GenDsl.Integration.Tests.Models;

/// <summary>The shipped StyleGAN, untrained. What 'adain' makes of its statistics is tested with the entries of the catalogue.</summary>
public sealed class StyleGanTests
{
    private static readonly string Text = File.ReadAllText(Repository.PathOf("models", "stylegan.gen")).ReplaceLineEndings("\n");
    private static readonly Lazy<TrainedProgram> Shipped = new(() => new TrainedProgram("stylegan", Text));

    private static ITrainer Create(TrainedProgram program, params (string, string)[] more) => program.Create("StyleGan", [.. more.Any(m => m.Item1 == "batch") ? [] : new[] { ("batch", "4") }, ("width", "4"), ("seed", "3"), .. more]);

    private static ITrainer Create(params (string, string)[] more) => Create(Shipped.Value, more);

    private static StateTable State(ITrainer trainer, string net) => trainer.Nets.Single(n => n.Name == net).State;

    [Fact]
    public void NoiseSaysNothing_WhereItsGainsAre0()
    {
        // Up to the synthesis, which is then the last net.
        var net = new CompiledNet(Text[..Text.IndexOf("/// From an image to features", StringComparison.Ordinal)], ("width", 4), ("d", 5));
        Tensor Noise(int seed, int side) => Draws.Root((ulong)seed, CPU, ScalarType.Float64).At("noise").Normal(3, 2, side, side);
        using Tensor styles = CompiledNet.Normal(3, 30);
        Tensor Run(int seed) => net.Run(styles, Noise(seed, 7), Noise(seed, 14), Noise(seed, 28));
        using Tensor first = Run(1);
        using Tensor second = Run(2);
        TensorAssert.Same(first, second);
        Assert.Equal([3, 1, 28, 28], first.shape);

        // From the last layer to the first: each has a map of its own.
        List<StateTensor> gains = [.. net.State.Learned.Where(s => s.Name.EndsWith("gain", StringComparison.Ordinal))];
        Assert.Equal(6, gains.Count);
        foreach (StateTensor gain in gains)
        {
            using (no_grad())
            {
                gain.Tensor.fill_(1);
            }

            using Tensor third = Run(1);
            using Tensor fourth = Run(2);
            Assert.False(third.equal(fourth).all().item<bool>(), gain.Name);
            using (no_grad())
            {
                gain.Tensor.zero_();
            }
        }
    }

    [Fact]
    public void Psi0IsOneImage_AndPsi1IsTheImageItself()
    {
        using ITrainer trainer = Create();
        using Source images = Shapes.Train(new() { Rows = 64 });
        TrainedProgram.Step(trainer, 2, images);
        using (no_grad())
        {
            foreach (StateTensor gain in State(trainer, "S_avg").Where(s => s.Name.EndsWith("gain", StringComparison.Ordinal)))
            {
                gain.Tensor.zero_();
            }
        }

        Tensor At(double psi) => trainer.Sample("image", new SampleRequest(5) { Numbers = new Dictionary<string, double> { ["psi"] = psi } }, out _);
        using Tensor none = At(0);
        using Tensor some = At(0.7);
        using Tensor standard = trainer.Sample("image", new SampleRequest(5), out _);
        using Tensor all = At(1);
        Assert.All(Enumerable.Range(1, 4), i => TensorAssert.Close(none[0], none[i], 1e-6));
        Assert.False(all[0].sub(all[1]).abs().max().item<float>() < 1e-3);
        TensorAssert.Same(standard, some);
        using (no_grad())
        {
            trainer.State["center"].Tensor.fill_(1);
        }

        using Tensor elsewhere = At(0);
        using Tensor still = At(1);
        Assert.False(none[0].sub(elsewhere[0]).abs().max().item<float>() < 1e-3);
        TensorAssert.Close(all, still, 1e-4);
    }

    [Fact]
    public void TheMean_FollowsWhatTheMappingSays()
    {
        using ITrainer trainer = Create(("lr", "0"), ("batch", "64"));
        using Source images = Shapes.Train(new() { Rows = 64 });
        using Tensor before = trainer.State["center"].Tensor.clone();
        Assert.Equal(0, before.abs().max().item<float>());
        TrainedProgram.Step(trainer, 1, images);
        using Tensor one = trainer.State["center"].Tensor.clone();
        float size = one.norm().item<float>();
        Assert.InRange(size, 1e-4f, 1);
        TrainedProgram.Step(trainer, 5, images);

        // (1 - 0.995^6) / 0.005 = 5.9 times as far, up to what the means of the batches differ by.
        Assert.InRange(trainer.State["center"].Tensor.norm().item<float>() / size, 5, 7);
    }

    [Fact]
    public void MixingALatentWithItself_IsNoMixing()
    {
        var same = new TrainedProgram("stylegan_same", Text.Replace("second = M(draw(Latent))", "second = first", StringComparison.Ordinal));
        using Source images = Shapes.Train(new() { Rows = 64 });
        (string, string)[] often = [("mixing", "1.0")], seldom = [("mixing", "0.05")];
        using ITrainer a = Create(same, often), b = Create(same, seldom), c = Create(often), d = Create(seldom);
        foreach (ITrainer trainer in new[] { a, b, c, d })
        {
            TrainedProgram.Step(trainer, 2, images);
        }

        TensorAssert.Same(State(a, "S"), State(b, "S"));
        TensorAssert.Same(State(a, "F"), State(b, "F"));
        Assert.Contains(State(c, "S").Learned, s => !s.Tensor.equal(State(d, "S")[s.Name].Tensor).all().item<bool>());
    }

    [Fact]
    public void StylesChangeAtTheCrossover()
    {
        string Line(string start) => Regex.Match(Text, $@"^ *{Regex.Escape(start)}.*$", RegexOptions.Multiline).Value;
        var program = new TrainedProgram("crossover", $$"""
            space Latent = f32[2] ~ normal(0, 1)
            net Map(x: [d]) { x |> linear(2) }
            trainer T(mixing = 0.9)(x: Latent) {
                M = Map()
                first = 0 * draw(Latent) + 1
                second = 0 * draw(Latent) + 2
            {{Line("crossover = ")}}
            {{Line("style(k) = ")}}
                minimize mean(M(x)^2) over M with adam(1e-3)
                report one = mean(style(1)) - 1
                report two = mean(style(2)) - 1
                report three = mean(style(3)) - 1
                report four = mean(style(4)) - 1
                report five = mean(style(5)) - 1
            }
            """);
        using ITrainer trainer = program.Create("T", ("batch", "20000"));
        using Source x = TrainedProgram.Numbers("x", 20000, 2);
        IReport report = TrainedProgram.Step(trainer, 1, x)[0];

        // Of five layers behind the first, each is as often the first that takes the other style: 0.9 / 5 of all images.
        string[] names = ["one", "two", "three", "four", "five"];
        Assert.All(names.Select((name, i) => (name, i)), p => Assert.Equal(0.18 * (p.i + 1), report.Values.Single(v => v.Name == p.name).Value, 0.012));
    }

    [Fact]
    public void R1OfALinearCritic_IsTheSizeOfItsSlope_AndTheDeviationIsThatOfTheBatch()
    {
        string loss = Regex.Match(Text, @"^loss deviation.*?^}$", RegexOptions.Multiline | RegexOptions.Singleline).Value;
        string r1 = Regex.Match(Text, @"r1 = .*$", RegexOptions.Multiline).Value;
        var program = new TrainedProgram("r1", $$"""
            space Code = f32[6]
            net Linear(x: [d]) -> [1] { x |> linear(1) }
            {{loss}}
            trainer T(gamma = 10.0)(real: Code) {
                D = Linear()
                slope = grad(sum(D(real)), real)
                {{r1}}
                minimize r1 over D with sgd(0.01)
                report spread = mean(deviation(real))
            }
            """);
        using ITrainer trainer = program.Create("T", ("batch", "8"));
        using Tensor w = trainer.State["D.linear1.weight"].Tensor.detach().clone();
        using Source real = TrainedProgram.Numbers("real", 8, 6);
        IReport report = TrainedProgram.Step(trainer, 1, real)[0];
        double Of(string name) => report.Values.Single(v => v.Name == name).Value;
        Assert.Equal(5 * w.square().sum().item<float>(), Of("r1"), 1e-5);
        TensorAssert.Close(w - (0.01 * 10 * w), trainer.State["D.linear1.weight"].Tensor, 1e-6);
        using Tensor rows = Draws.Root(5, CPU).At("real").Normal(8, 6);
        Assert.Equal(rows.std(0, unbiased: false).mean().item<float>(), Of("spread"), 1e-5);
    }

    [Theory]
    [InlineData("S")]
    [InlineData("F")]
    public void AnUpdateChangesItsOwnPlayersTensorsOnly(string moves)
    {
        // Without what moves the other player.
        string text = moves == "F"
            ? Regex.Replace(Text, @"^ *minimize non_saturating.*\n", "", RegexOptions.Multiline)
            : Regex.Replace(Regex.Replace(Text, @"^ *minimize gan\(.*\n", "", RegexOptions.Multiline), @"^    every 16 steps \{.*?^    }\n", "", RegexOptions.Multiline | RegexOptions.Singleline);
        string[] player = moves == "F" ? ["F", "D"] : ["S", "M", "S_avg", "M_avg"];
        using ITrainer trainer = Create(new TrainedProgram("stylegan_" + moves, text));
        var still = trainer.Nets.Where(n => !player.Contains(n.Name)).SelectMany(n => n.State.Select(s => (s.Tensor, Copy: s.Tensor.detach().clone()))).ToList();
        Dictionary<string, Tensor>[] before = [.. player.Select(n => TrainedProgram.Weights(trainer, n))];
        using Source images = Shapes.Train(new() { Rows = 64 });
        TrainedProgram.Step(trainer, 2, images);
        Assert.NotEmpty(still);
        still.ForEach(pair => TensorAssert.Same(pair.Copy, pair.Tensor));
        foreach ((string net, int i) in player.Select((n, i) => (n, i)))
        {
            Assert.All(State(trainer, net).Learned.Where(s => s.Role == StateRole.Kernel || s.Name.EndsWith("gain", StringComparison.Ordinal)), s => Assert.False(s.Tensor.equal(before[i][s.Name]).all().item<bool>(), s.Name));
        }
    }

    [Fact]
    public void ARunGoesOnFromACheckpoint_BitForBit_AndNothingLeaks()
    {
        using Source images = Shapes.Train(new() { Rows = 64 });
        using ITrainer whole = Create();
        TrainedProgram.Step(whole, 18, images);
        using ITrainer first = Create();
        TrainedProgram.Step(first, 15, images);
        using var folder = new TemporaryFolder();
        using ITrainer resumed = Shipped.Value.Descriptor("StyleGan").Load(first.Save(folder.Path), new OptionBag());
        TrainedProgram.Step(resumed, 3, images);
        TensorAssert.Same(whole.State, resumed.State);
        TrainedProgram.NoLeak(() => TrainedProgram.Step(resumed, 15, images));
    }
}
