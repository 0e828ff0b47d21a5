using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using GenDsl.Runtime;
using GenDsl.Testing;
using TorchSharp;
using Xunit;

namespace GenDsl.Integration.Tests.Training;

/// <summary>Optimizers by name, several for one objective, scaled rates, schedules, invariants, averages.</summary>
public sealed class MovesTests
{
    private const string Text = """
        space Code = f32[6]
        space Latent = f32[6] ~ normal(0, 1)
        net Map(x: [d]) { x |> linear(8) |> tanh |> linear(6) }
        net Normed(x: [d]) { x |> linear(8) |> batch_norm |> tanh |> linear(6) }
        net Number(x: Code) { param m: [6] = zeros; 0 * x + m }

        trainer Named(x: Code) {
            A = Map(); B = Map()
            opt = adam(1e-2)
            minimize mean(A(x)^2) over A with opt
            minimize mean((A(x) - 1)^2) + mean(B(x)^2) over (A, B) with opt
        }
        trainer Scaled(x: Code) {
            A = Map(); B = Map()
            minimize mean(A(B(x))^2) over (A, B at 0.5) with sgd(0.1, momentum: 0.5)
        }
        trainer Several(x: Code) {
            A = Map(); B = Map()
            minimize mean(A(B(x))^2) over A with sgd(0.1, momentum: 0.5)
                over B with sgd(0.05, momentum: 0.5)
        }
        trainer Limited(x: Code) {
            A = Map(); B = Map()
            minimize 100 * mean(A(B(x))^2) over A with sgd(1.0, clip: 0.5) over B with sgd(1.0, clip_value: 0.25)
        }

        trainer Line(x: Code) { M = Number(); minimize mean(6 * M(x)) over M with sgd(linear(1.0, 0.0)); report at = mean(M(x)) }
        trainer LateLine(x: Code) { M = Number(); minimize mean(6 * M(x)) over M with sgd(linear(1.0, 0.0, from: 0.5)); report at = mean(M(x)) }
        trainer Cosine(x: Code) { M = Number(); minimize mean(6 * M(x)) over M with sgd(cosine(1.0)); report at = mean(M(x)) }
        trainer Warm(x: Code) { M = Number(); minimize mean(6 * M(x)) over M with sgd(cosine(1.0, warmup: 0.5)); report at = mean(M(x)) }
        trainer Ramp(x: Code) { M = Number(); minimize ramp(1.0, 0.5) * mean(6 * M(x)) over M with sgd(1.0); report at = mean(M(x)) }
        trainer Passes(x: Code) { M = Number(); minimize mean(6 * M(x)) over M with sgd(if epoch < 0.5 then 1.0 else 0.25); report at = mean(M(x)) }
        trainer Planned(x: Code) {
            M = Number(); N = Number()
            phase a for 2 steps { minimize mean(6 * M(x)) over M with sgd(linear(1.0, 0.0)) }
            phase b for 4 steps { minimize mean(6 * N(x)) over N with sgd(linear(1.0, 0.0)); report at = mean(N(x)) }
        }

        trainer Kept(c = 0.05)(x: Code) {
            A = Map(); B = Map(); A_avg = ema(A, 0.5)
            constrain A: clip(-c, c)
            minimize -mean(A(x)) over A with sgd(1.0)
            minimize -mean(B(x)) over B with sgd(1.0)
        }
        trainer KeptPart(x: Code) {
            A = Map()
            constrain A.linear1: clip(-0.05, 0.05)
            accumulate 2 { minimize -mean(A(x)) over A with sgd(1.0) }
        }

        trainer Between(x: Code) {
            M = Number(); minimize mean(6 * M(x)) over M with sgd(1.0)
            report at = mean(lerp(M(x), 0 * M(x), 0.25))
            report own = mean(lerp(M(x), 0 * M(x), 0 * M(x) + 0.25))
        }
        trainer Mean(x: Code) { M = Number(); M_mean = running_mean(M); minimize mean(6 * M(x)) over M with sgd(1.0) }

        trainer Critic(x: Code) {
            G = Normed(); D = Normed(); G_avg = ema(G, 0.5)
            minimize mean(D(x)) - mean(D(G(draw(Latent)))) over D with adam(1e-2)
        }
        trainer Generator(x: Code) {
            G = Normed(); D = Normed(); D_avg = ema(D, 0.5)
            repeat 2 { minimize mean((D(x) - D(G(draw(Latent))))^2) over G with adam(1e-2, decay: 0.1) }
        }
        """;

    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("moves", Text));

    [Fact]
    public void ANamedOptimizer_HasOneStateForAllItsStatements()
    {
        using Source x = TrainedProgram.Numbers("x", 40, 6);
        using ITrainer trainer = Program.Value.Create("Named", ("batch", "8"));
        TrainedProgram.Step(trainer, 3, x);
        using var folder = new Runtime.TemporaryFolder();
        string checkpoint = trainer.Save(folder.Path);
        using ITrainer again = Program.Value.Descriptor("Named").Load(checkpoint, new OptionBag());
        var file = SafetensorsNames(checkpoint);
        Assert.Equal(8, file.Count(n => n.StartsWith("optimizer.opt.exp_avg.", StringComparison.Ordinal)));
        Assert.Single(file, n => n.EndsWith(".step", StringComparison.Ordinal));
        TrainedProgram.Step(trainer, 2, x);
        TrainedProgram.Step(again, 2, x);
        Runtime.TensorAssert.Same(trainer.State, again.State);
    }

    [Fact]
    public void AScaledTarget_MovesAsByAnOptimizerOfThatRate()
    {
        using Source x = TrainedProgram.Numbers("x", 40, 6);
        using ITrainer scaled = Program.Value.Create("Scaled", ("batch", "8"));
        using ITrainer several = Program.Value.Create("Several", ("batch", "8"));
        TrainedProgram.Step(scaled, 4, x);
        TrainedProgram.Step(several, 4, x);
        Runtime.TensorAssert.Same(several.State, scaled.State);
    }

    [Fact]
    public void EachOptimizerLimitsItsOwnGradients()
    {
        using Source x = TrainedProgram.Numbers("x", 40, 6);
        using ITrainer trainer = Program.Value.Create("Limited", ("batch", "8"));
        var (a, b) = (TrainedProgram.Weights(trainer, "A"), TrainedProgram.Weights(trainer, "B"));
        TrainedProgram.Step(trainer, 1, x);
        double norm = Math.Sqrt(TrainedProgram.Weights(trainer, "A").Sum(pair => (pair.Value - a[pair.Key]).square().sum().item<float>()));
        Assert.InRange(norm, 0.499, 0.5001);
        Assert.Equal(0.25f, TrainedProgram.Weights(trainer, "B").Max(pair => (pair.Value - b[pair.Key]).abs().max().item<float>()), 1e-6f);
    }

    // What the parameter is after each step of four: minus the sum of the rates so far.
    [Theory]
    [InlineData("Line", 1.0, 1.75, 2.25, 2.5)]
    [InlineData("LateLine", 1.0, 2.0, 3.0, 3.5)]
    [InlineData("Cosine", 1.0, 1.8535534, 2.3535534, 2.5)]
    [InlineData("Warm", 0.0, 0.4267767, 0.9267767, 1.0732233)]
    [InlineData("Ramp", 0.0, 0.5, 1.5, 2.5)]
    [InlineData("Passes", 1.0, 2.0, 2.25, 2.5)]
    public async Task ASchedule_IsReadOnceAStep(string name, double first, double second, double third, double fourth)
    {
        using Source x = TrainedProgram.Numbers("x", 32, 6);
        using ITrainer trainer = Program.Value.Create(name, ("batch", "8"), ("report_every", "1"));
        using ITrainer passes = Program.Value.Create(name, ("batch", "8"), ("report_every", "1"));
        foreach (List<double> found in new[] { await At(trainer, RunLength.Steps(4), x), await At(passes, RunLength.Epochs(1), x) })
        {
            Assert.Equal([first, second, third, fourth], found.Select(v => -v), (a, b) => Math.Abs(a - b) < 1e-5);
        }
    }

    [Fact]
    public async Task InAPlan_ProgressIsThatOfThePhase()
    {
        using Source x = TrainedProgram.Numbers("x", 32, 6);
        using ITrainer trainer = Program.Value.Create("Planned", ("batch", "8"), ("report_every", "1"));
        Assert.Equal([1, 1.75, 2.25, 2.5], (await At(trainer, RunLength.OfPlan, x)).Select(v => -v), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(-1.5f, TrainedProgram.Weights(trainer, "M")["m"].mean().item<float>(), 1e-5f);
    }

    [Fact]
    public void AConstraint_HoldsFromBirth_AfterEachMove_AndForThatNetAlone()
    {
        using Source x = TrainedProgram.Numbers("x", 40, 6);
        using ITrainer trainer = Program.Value.Create("Kept", ("batch", "8"));
        for (int step = 0; step < 3; step++)
        {
            Assert.Equal(0.05f, TrainedProgram.Weights(trainer, "A").Values.Max(w => w.abs().max().item<float>()));
            Assert.InRange(trainer.Nets.Single(n => n.Name == "A_avg").State.Max(w => w.Tensor.abs().max().item<float>()), 0, 0.05f);
            Assert.True(TrainedProgram.Weights(trainer, "B").Values.Max(w => w.abs().max().item<float>()) > 0.1f);
            TrainedProgram.Step(trainer, 1, x);
        }

        var error = Assert.Throws<GenDslException>(() => Program.Value.Create("Kept", ("c", "-1")));
        Assert.Equal("Kept needs c to be above 0, as half of what lies between the ends of 'clip', but c is -1.", error.Message);
    }

    [Fact]
    public void AConstraintOfAPart_HoldsForThePart()
    {
        using Source x = TrainedProgram.Numbers("x", 40, 6);
        using ITrainer trainer = Program.Value.Create("KeptPart", ("batch", "8"));
        TrainedProgram.Step(trainer, 2, x);
        Dictionary<string, torch.Tensor> weights = TrainedProgram.Weights(trainer, "A");
        Assert.InRange(weights["linear1.weight"].abs().max().item<float>(), 0, 0.05f);
        Assert.True(weights["linear2.weight"].abs().max().item<float>() > 0.1f);
    }

    [Fact]
    public void ARunningMean_IsTheMeanOfAllThatTheNetHasBeen_AlsoAfterAResume()
    {
        using Source x = TrainedProgram.Numbers("x", 40, 6);
        using ITrainer trainer = Program.Value.Create("Mean", ("batch", "8"));
        float Mean(ITrainer of) => of.Nets.Single(n => n.Name == "M_mean").State["m"].Tensor.mean().item<float>();
        Assert.Equal(0, Mean(trainer));
        TrainedProgram.Step(trainer, 1, x);
        Assert.Equal(-0.5f, Mean(trainer), 1e-5f);
        TrainedProgram.Step(trainer, 2, x);
        Assert.Equal(-1.5f, Mean(trainer), 1e-5f);
        using var folder = new Runtime.TemporaryFolder();
        using ITrainer resumed = Program.Value.Descriptor("Mean").Load(trainer.Save(folder.Path), new OptionBag());
        TrainedProgram.Step(resumed, 1, x);
        Assert.Equal(-2f, Mean(resumed), 1e-5f);
    }

    [Fact]
    public void Lerp_TakesANumber_OrOnesForEachNumber_OrForEachRow()
    {
        using Source x = TrainedProgram.Numbers("x", 40, 6);
        using ITrainer trainer = Program.Value.Create("Between", ("batch", "8"));
        Assert.All(TrainedProgram.Step(trainer, 1, x)[0].Values.Skip(1), v => Assert.Equal(-0.75, v.Value, 1e-6));
        using torch.Tensor a = torch.zeros(3, 2, 2);
        using torch.Tensor b = torch.ones(3, 2, 2);
        using torch.Tensor t = torch.tensor(new[] { 0f, 0.25f, 1f });
        using torch.Tensor mixed = Mixing.Lerp(a, b, t, rank: 3);
        Runtime.TensorAssert.Same(t.reshape(3, 1, 1).expand(3, 2, 2), mixed);
    }

    [Theory]
    [InlineData("Critic", "D")]
    [InlineData("Generator", "G")]
    public void AfterAnUpdate_OnlyThePlayersOwnTensorsHaveChanged(string name, string player)
    {
        using Source x = TrainedProgram.Numbers("x", 40, 6);
        using ITrainer trainer = Program.Value.Create(name, ("batch", "8"));
        var before = trainer.Nets.SelectMany(n => n.State.Select(s => (n.Name, s.Tensor, Copy: s.Tensor.detach().clone()))).ToList();
        TrainedProgram.Step(trainer, 3, x);
        foreach (var (_, now, then) in before.Where(b => b.Name != player))
        {
            Runtime.TensorAssert.Same(then, now);
        }

        // Its kernels move; a bias in front of a batch normalisation has no gradient.
        Assert.All(before.Where(b => b.Name == player && b.Tensor.dim() > 1), b => Assert.False(b.Tensor.equal(b.Copy).all().item<bool>()));
    }

    /// <summary>The shipped trainers, each with one of its two statements left out.</summary>
    [Theory]
    [InlineData("dcgan", "Dcgan", "G")]
    [InlineData("dcgan", "Dcgan", "D")]
    [InlineData("wgan", "Wgan", "G")]
    [InlineData("wgan", "Wgan", "D")]
    [InlineData("wgan_gp", "WganGp", "G")]
    [InlineData("wgan_gp", "WganGp", "D")]
    [InlineData("sngan", "Sngan", "G")]
    [InlineData("sngan", "Sngan", "D")]
    public void InShippedTrainers_AnUpdateChangesItsOwnTensorsOnly(string model, string trainer, string still)
    {
        string text = System.IO.File.ReadAllText(Repository.PathOf("models", model + ".gen"));
        string[] lines = [.. text.Split('\n').Where(l => !(l.Contains("minimize ", StringComparison.Ordinal) && l.Contains($" over {still} ", StringComparison.Ordinal)))];
        var program = new TrainedProgram(model, string.Join("\n", lines));
        using Source images = GenDsl.Runtime.Data.Shapes.Train(new() { Rows = 64 });
        using ITrainer made = program.Create(trainer, [("batch", "4"), ("width", "4"), .. model == "wgan" ? new[] { ("long_run", "2") } : []]);
        var before = made.Nets.Where(n => n.Name.StartsWith(still, StringComparison.Ordinal)).SelectMany(n => n.State.Select(s => (s.Tensor, Copy: s.Tensor.detach().clone()))).ToList();
        var moved = TrainedProgram.Weights(made, still == "G" ? "D" : "G");
        TrainedProgram.Step(made, 2, images);
        before.ForEach(pair => Runtime.TensorAssert.Same(pair.Copy, pair.Tensor));

        // A bias that stands in both sums has gradient 0.
        Assert.Contains(TrainedProgram.Weights(made, still == "G" ? "D" : "G"), pair => !pair.Value.equal(moved[pair.Key]).all().item<bool>());
    }

    private static async Task<List<double>> At(ITrainer trainer, RunLength length, Source x)
    {
        List<double> values = [];
        await foreach (StepReport report in trainer.Fit(new Dictionary<string, Source> { ["x"] = x }, length))
        {
            values.AddRange(report.Values.Where(v => v.Name == "at").Select(v => v.Value));
        }

        return values;
    }

    private static List<string> SafetensorsNames(string checkpoint) =>
        [.. System.IO.Directory.GetFiles(checkpoint, "*.safetensors").SelectMany(f =>
        {
            byte[] bytes = System.IO.File.ReadAllBytes(f);
            using var header = System.Text.Json.JsonDocument.Parse(bytes.AsMemory(8, (int)BitConverter.ToInt64(bytes)));
            return header.RootElement.EnumerateObject().Select(p => p.Name).Where(n => n != "__metadata__").ToList();
        })];
}
