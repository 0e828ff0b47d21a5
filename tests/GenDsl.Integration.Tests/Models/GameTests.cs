using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using GenDsl.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Models;

/// <summary>What the game of Goodfellow et al. 2014 is known to be: the best discriminator, its value, and where the generator has no slope.</summary>
public sealed class GameTests
{
    private const string Text = """
        space Kind = class[5]
        space Point = f32[1]
        space Noise = f32[1] ~ normal(0, 1)
        net Table(k: Kind) -> [1] { k |> embed(1, init: zeros) }
        net Bend(x: Point) -> [1] { x |> linear(32) |> tanh |> linear(1) }
        trainer Discrete(pairs: { real: Kind, fake: Kind }) {
            D = Table()
            minimize gan(real: D(real), fake: D(fake)) over D with adam(0.05)
        }
        trainer Continuous(real: Point) {
            D = Bend()
            minimize gan(real: D(real), fake: D(1 + draw(Noise))) over D with adam(3e-3)
            evaluate at(x: Point) { report logit = mean(D(x)) }
        }
        trainer Slopes(a: Point) {
            B = Bend()
            report of_saturating = sum(grad(saturating(a), a))
            report of_non_saturating = sum(grad(non_saturating(a), a))
            minimize mean(B(a)^2) over B with adam(0.0)
        }
        """;

    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("game", Text));

    [Fact]
    public void TheBestDiscriminator_IsTheShareOfTheData_AndItsValueTellsTheDivergence()
    {
        // Rows of real and of fake kinds; the last kind is never fake, the first never real.
        int[] real = [0, 10, 20, 30, 40], fake = [40, 30, 20, 10, 0];
        using var data = new Source("pairs", [Kinds("real", real), Kinds("fake", fake)]);
        using ITrainer trainer = Program.Value.Create("Discrete", ("batch", "100"), ("seed", "1"));
        double value = TrainedProgram.Step(trainer, 600, data)[^1].Values.Single().Value;
        float[] logits = [.. trainer.State["D.embed1.weight"].Tensor.detach().reshape(5).data<float>()];
        for (int k = 1; k < 4; k++)
        {
            Assert.Equal(real[k] / (double)(real[k] + fake[k]), 1 / (1 + Math.Exp(-logits[k])), 1e-4);
        }

        Assert.True(logits[0] < -4 && logits[4] > 4);
        double divergence = Enumerable.Range(0, 5).Sum(k => Term(real[k], real[k] + fake[k]) + Term(fake[k], real[k] + fake[k])) / 2;
        Assert.Equal(-Math.Log(4) + (2 * divergence), -value, 0.01);

        static double Term(int count, int both) => count == 0 ? 0 : count / 100.0 * Math.Log(2.0 * count / both);
    }

    [Fact]
    public void BetweenTwoGaussians_TheLogitIsThatOfTheirDensities()
    {
        using Source data = TrainedProgram.Numbers("real", 4096, 1);
        using ITrainer trainer = Program.Value.Create("Continuous", ("batch", "512"), ("seed", "1"));
        TrainedProgram.Step(trainer, 500, data);
        foreach (float x in new[] { -1f, 0f, 0.5f, 1f, 2f })
        {
            using var point = new Source("x", [new Column("x", ElementKind.Real, 0, double.NegativeInfinity, double.PositiveInfinity, tensor(new[] { x }).reshape(1, 1))]);
            double logit = trainer.Evaluate("at", new Dictionary<string, Source> { ["x"] = point })[0].Value;
            Assert.Equal(1 / (1 + Math.Exp(x - 0.5)), 1 / (1 + Math.Exp(-logit)), 0.06);
        }
    }

    [Theory]
    [InlineData(-20, -2.0611536e-9, -1)]
    [InlineData(0, -0.5, -0.5)]
    [InlineData(20, -1, -2.0611536e-9)]
    public void WhereTheDiscriminatorIsSure_TheSaturatingLossHasNoSlope(float logit, double saturating, double non)
    {
        using var data = new Source("a", [new Column("a", ElementKind.Real, 0, double.NegativeInfinity, double.PositiveInfinity, tensor(new[] { logit }).reshape(1, 1))]);
        using ITrainer trainer = Program.Value.Create("Slopes", ("batch", "1"), ("seed", "1"));
        Dictionary<string, double> found = TrainedProgram.Step(trainer, 1, data)[0].Values.ToDictionary(v => v.Name, v => v.Value);
        Assert.Equal(saturating, found["of_saturating"], 1e-3 * Math.Abs(saturating));
        Assert.Equal(non, found["of_non_saturating"], 1e-3 * Math.Abs(non));
    }

    [Fact]
    public void InstanceNoise_IsOnRealAndFakeImages_ForBothPlayers_AndFades()
    {
        var program = new TrainedProgram("noise", """
            space Image = f32[1, 40, 40] in [-1, 1]
            net Still(x: Image) -> Image { tanh(0 * x) }
            net Power(x: Image) -> [1] { mean(x^2, per: sample) |> reshape(1) |> linear(1) }
            trainer Noises(real: Image) {
                G = Still(); D = Power()
                shown(x) = instance_noise(x, linear(2.0, 0.0, to: 0.5)) as Image
                a = shown(real); b = shown(G(real)); c = shown(G(real))
                report of_real = mean(a^2)
                report of_fake = mean(b^2)
                report again = mean(b * c)
                minimize mean(D(a)) over D with adam(0.0)
            }
            """);
        using var data = new Source("real", [new Column("real", ElementKind.Real, 0, -1, 1, zeros(8, 1, 40, 40))]);
        using ITrainer trainer = program.Create("Noises", ("batch", "8"), ("seed", "1"), ("report_every", "1"));
        var steps = Fit(trainer, 8, data);
        for (int step = 0; step < 8; step++)
        {
            // Of 12,800 numbers.
            double variance = Math.Pow(Math.Max(0, 2 - (step / 2.0)), 2);
            Assert.Equal(variance, steps[step]["of_real"], 0.06 * variance);
            Assert.Equal(variance, steps[step]["of_fake"], 0.06 * variance);
            Assert.Equal(0, steps[step]["again"], 0.05 * variance);
        }
    }

    [Fact]
    public void TheShippedGame_UnderInstanceNoise_EndsAsTheOneWithout()
    {
        var program = new TrainedProgram("gan", File.ReadAllText(Repository.PathOf("models", "gan.gen")));
        using var data = new Source("real", [new Column("real", ElementKind.Real, 0, -1, 1, Draws.Root(5, CPU).At("real").Uniform(-1, 1, 24, 1, 28, 28))]);
        List<Dictionary<string, double>> Losses(string noise)
        {
            using ITrainer trainer = program.Create("InstanceNoise", ("batch", "4"), ("hidden", "8"), ("seed", "1"), ("lr", "0"), ("noise", noise), ("report_every", "1"));
            return Fit(trainer, 8, data);
        }

        var (noised, clean) = (Losses("1"), Losses("0"));
        foreach (string player in (string[])["D", "G"])
        {
            Assert.All(Enumerable.Range(0, 4), step => Assert.NotEqual(clean[step][player], noised[step][player]));
            Assert.All(Enumerable.Range(4, 4), step => Assert.Equal(clean[step][player], noised[step][player]));
        }
    }

    // A whole run, for noise goes by the part of it that is done.
    private static List<Dictionary<string, double>> Fit(ITrainer trainer, int steps, Source data) =>
        [.. trainer.Fit(new Dictionary<string, Source> { ["real"] = data }, RunLength.Steps(steps)).ToBlockingEnumerable().Select(report => report.Values.ToDictionary(v => v.Name, v => v.Value))];

    private static Column Kinds(string name, int[] counts) => new(
        name, ElementKind.Class, 5, 0, 4, tensor(counts.SelectMany((count, kind) => Enumerable.Repeat((long)kind, count)).ToArray(), ScalarType.Int64));
}
