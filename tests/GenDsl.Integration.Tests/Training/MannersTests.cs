using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Training;

/// <summary>Ways to call a net: still, in evaluation, as a constant; values taken for those of a space; draws that mix.</summary>
public sealed class MannersTests
{
    private const string Text = """
        space Code = f32[6]
        space Small = f32[6] in [-1, 1]
        net Norm(x: [d]) -> [3] { x |> linear(8) |> batch_norm |> tanh |> linear(3) }
        net Map(x: Code) -> [6] { x |> linear(6) |> tanh }
        net Bounded(x: Small) -> [6] { x }
        loss size(F: net(S) -> [3], x: S) { mean(F(x)^2) }

        trainer Plain(x: Code) { F = Norm(); minimize mean(F(x)^2) over F with sgd(0.1) }
        trainer Still(x: Code) { F = Norm(); minimize size(still(F), x) over F with sgd(0.1) }
        trainer Piped(x: Code) { F = Norm(); minimize mean((x |> still(F))^2) over F with sgd(0.1) }
        trainer Evaluated(x: Code) {
            F = Norm()
            minimize size(eval(F), x) over F with sgd(0.1)
            evaluate test(x: Code) { report size = mean(F(x)^2) }
        }
        trainer Both(x: Code) {
            G = Map(); F = Norm()
            minimize mean(stop(F)(G(x))^2) + mean(F(x)^2) over (G, F) with sgd(0.1)
        }
        trainer Mapped(x: Code) {
            G = Map(); F = Norm()
            minimize mean(F(G(x))^2) over G with sgd(0.1)
            minimize mean(F(x)) over F with sgd(0.0)
        }
        trainer Fixed(x: Code) {
            G = Map(); F = Norm()
            minimize mean(F(x)^2) over F with sgd(0.1)
            minimize mean(G(x)) over G with sgd(0.0)
        }
        trainer Silent(x: Code) {
            G = Map(); F = Norm()
            minimize mean(still(stop(F))(G(x))^2) over G with sgd(0.1)
            minimize mean(still(F)(x)) over F with sgd(0.1)
        }
        net Start(x: [d]) -> [3] { x |> weight_norm(linear(3), init: data) }
        trainer Started(x: Code) {
            F = Start()
            report far = mean(eval(F)(10 * x + 3))
            minimize mean(F(x)^2) over F with sgd(0.0)
        }
        trainer StartedAlone(x: Code) { F = Start(); minimize mean(F(x)^2) over F with sgd(0.0) }
        trainer Taken(x: Code) {
            G = Map()
            minimize mean(G(x)) over G with sgd(0.0)
            B = Bounded()
            report apart = mean(abs(B(x + 10 as Small) - x - 10))
        }
        net Noisy(x: [d]) -> [3] { x |> linear(8) |> batch_norm |> dropout(0.5) |> linear(3) }
        space Three = f32[3]
        net Told(x: Code) -> Three { x |> linear(3) |> dropout(0.5) }
        trainer Watched(x: Code) {
            F = Noisy(); G = Told()
            minimize mean(F(x)^2) over F with sgd(0.1)
            minimize mean(G(x)^2) over G with sgd(0.0)
            evaluate plain(x: Code) { report size = mean(F(x)^2) }
            evaluate noisy(x: Code) { report size = mean(still(F)(x)^2) }
            evaluate known(x: Code) { report size = mean(still(eval(F))(x)^2) }
            sample told(x: Code) = G(x)
            sample guessed(x: Code) = still(G)(x)
        }
        trainer Mixing(a = 0.75)(x: Code) {
            G = Map()
            minimize mean(G(x)) over G with sgd(0.0)
            l = beta(a, a, per: sample)
            own = max(l, 1 - l)
            report least = min(own)
            report apart = mean(abs(lerp(x, -x, own) - (x - 2 * x * lerp(0 * x, 0 * x + 1, own))))
            report middle = mean(beta(2, 5, like: x))
        }
        """;

    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("manners", Text));

    [Fact]
    public void AStillCall_LearnsAsAnyOther_AndLeavesTheStatisticsAlone()
    {
        var plain = State("Plain");
        Assert.Contains(plain.Before, pair => pair.Key.Contains("running", StringComparison.Ordinal) && !Same(pair.Value, plain.After[pair.Key]));
        foreach (string trainer in new[] { "Still", "Piped" })
        {
            var still = State(trainer);
            foreach ((string name, Tensor before) in still.Before)
            {
                if (name.Contains("running", StringComparison.Ordinal))
                {
                    Runtime.TensorAssert.Same(before, still.After[name]);
                }
                else
                {
                    Runtime.TensorAssert.Same(plain.After[name], still.After[name]);
                }
            }
        }
    }

    [Fact]
    public void ACallInEvaluation_IsThatOfAnEvaluation()
    {
        using ITrainer trainer = Program.Value.Create("Evaluated", ("batch", "32"));
        using Source x = TrainedProgram.Numbers("x", 32, 6);
        double size = trainer.Evaluate("test", new Dictionary<string, Source> { ["x"] = x }).Single(v => v.Name == "size").Value;
        var before = Copies(trainer, "F");
        IReport report = TrainedProgram.Step(trainer, 1, x)[0];
        Assert.Equal(size, report.Values.Single().Value, 1e-6);
        Assert.All(before.Where(b => b.Key.Contains("running", StringComparison.Ordinal)), b => Runtime.TensorAssert.Same(b.Value, Copies(trainer, "F")[b.Key]));
        Assert.Contains(before, b => !b.Key.Contains("running", StringComparison.Ordinal) && !Same(b.Value, Copies(trainer, "F")[b.Key]));
    }

    [Fact]
    public void AStillCallThatOnlyLooks_HasDropoutAndBatchStatistics_AndWritesNothing()
    {
        using ITrainer trainer = Program.Value.Create("Watched", ("batch", "32"));
        using Source x = TrainedProgram.Numbers("x", 32, 6);
        TrainedProgram.Step(trainer, 1, x);
        var before = Copies(trainer, "F");
        double Size(string evaluation) => trainer.Evaluate(evaluation, new Dictionary<string, Source> { ["x"] = x }).Single().Value;
        (double plain, double noisy) = (Size("plain"), Size("noisy"));
        Assert.NotEqual(plain, noisy, 1e-4);
        Assert.Equal(noisy, Size("noisy"));
        Assert.Equal(plain, Size("known"));
        Assert.All(before, b => Runtime.TensorAssert.Same(b.Value, Copies(trainer, "F")[b.Key]));

        // A sample draws its mask at its own address: the same at each time, another one for each row, and none without 'still'.
        using Tensor row = x.Columns[0].Values.narrow(0, 0, 1).clone();
        using Tensor twice = cat([row, row], 0);
        Tensor Drawn(string name) => trainer.Sample(name, new SampleRequest(2) { Rows = new Dictionary<string, Tensor> { ["x"] = twice } }, out _);
        using Tensor told = Drawn("told"), first = Drawn("guessed"), again = Drawn("guessed");
        Runtime.TensorAssert.Same(told[0], told[1]);
        Runtime.TensorAssert.Same(first, again);
        Assert.True(first.eq(0).logical_or(first.sub(2 * told).abs().lt(1e-5)).all().item<bool>());
        Assert.False(first.equal(told).all().item<bool>());
    }

    [Fact]
    public void OfAConstantNet_OnlyWhatItIsAppliedToLearns()
    {
        using Source x = TrainedProgram.Numbers("x", 32, 6);
        using ITrainer both = Program.Value.Create("Both", ("batch", "32"));
        using ITrainer mapped = Program.Value.Create("Mapped", ("batch", "32"));
        using ITrainer alone = Program.Value.Create("Fixed", ("batch", "32"));
        foreach (ITrainer trainer in new[] { both, mapped, alone })
        {
            TrainedProgram.Step(trainer, 1, x);
        }

        Assert.All(TrainedProgram.Weights(mapped, "G"), w => Runtime.TensorAssert.Close(w.Value, TrainedProgram.Weights(both, "G")[w.Key], 1e-7));
        Assert.All(TrainedProgram.Weights(alone, "F"), w => Runtime.TensorAssert.Close(w.Value, TrainedProgram.Weights(both, "F")[w.Key], 1e-7));
        using ITrainer again = Program.Value.Create("Both", ("batch", "32"));
        Assert.Contains(TrainedProgram.Weights(again, "G"), w => !Same(w.Value, TrainedProgram.Weights(both, "G")[w.Key]));
        Assert.All(both.Nets.Single(n => n.Name == "F").State.Learned, s => Assert.True(s.Tensor.requires_grad));
    }

    [Fact]
    public void ANetDoesNotStart_FromWhatItIsAskedInEvaluation()
    {
        var alone = State("StartedAlone");
        Assert.All(State("Started").After, s => Runtime.TensorAssert.Same(alone.After[s.Key], s.Value));
        Assert.Contains(alone.Before, b => !Same(b.Value, alone.After[b.Key]));
    }

    [Fact]
    public void WaysOfCalling_GoTogether()
    {
        var silent = State("Silent");
        Assert.All(silent.Before.Where(b => b.Key.Contains("running", StringComparison.Ordinal)), b => Runtime.TensorAssert.Same(b.Value, silent.After[b.Key]));
    }

    [Fact]
    public void AValueTakenForOneOfASpace_StaysAsItIs() => Assert.Equal(0, Figure("Taken", "apart"), 1e-5);

    [Fact]
    public void BetaDraws_HaveTheirMoments_AndTheSameAddressTheSameNumbers()
    {
        foreach ((double a, double b) in new[] { (0.75, 0.75), (2.0, 5.0), (30.0, 4.0) })
        {
            using Tensor draws = Draws.Root(3, CPU).At("beta").Beta(a, b, 40000);
            using Tensor again = Draws.Root(3, CPU).At("beta").Beta(a, b, 40000);
            Runtime.TensorAssert.Same(draws, again);
            (double mean, double variance) = (a / (a + b), a * b / ((a + b) * (a + b) * (a + b + 1)));
            Assert.Equal(mean, draws.mean().item<float>(), 0.006);
            Assert.Equal(variance, draws.var().item<float>(), 0.003);
            Assert.True(draws.ge(0).logical_and(draws.le(1)).all().item<bool>());
        }

        // Nearly all is at the ends.
        using Tensor ends = Draws.Root(4, CPU).Beta(1e-3, 1e-3, 2000);
        Assert.True(ends.sub(0.5).abs().gt(0.49).to(ScalarType.Float32).mean().item<float>() > 0.98);
        Assert.Equal(0.5, ends.mean().item<float>(), 0.05);
        Assert.Throws<GenDslException>(() => Draws.Root(4, CPU).Beta(0, 1, 2));
    }

    [Fact]
    public void AMixture_HasMoreOfItsOwn_AndAWeightForEachSample()
    {
        Assert.InRange(Figure("Mixing", "least"), 0.5, 1);
        Assert.Equal(0, Figure("Mixing", "apart"), 1e-5);
        Assert.Equal(2.0 / 7, Figure("Mixing", "middle"), 0.06);
    }

    [Fact]
    public void NothingIsLeftBehind()
    {
        foreach (string name in new[] { "Both", "Silent", "Mixing", "Evaluated" })
        {
            using ITrainer trainer = Program.Value.Create(name, ("batch", "8"));
            using Source x = TrainedProgram.Numbers("x", 8, 6);
            TrainedProgram.Step(trainer, 2, x);
            TrainedProgram.NoLeak(() => TrainedProgram.Step(trainer, 3, x));
        }
    }

    private static (Dictionary<string, Tensor> Before, Dictionary<string, Tensor> After) State(string name)
    {
        using ITrainer trainer = Program.Value.Create(name, ("batch", "32"));
        using Source x = TrainedProgram.Numbers("x", 32, 6);
        var before = Copies(trainer, "F");
        TrainedProgram.Step(trainer, 1, x);
        return (before, Copies(trainer, "F"));
    }

    private static double Figure(string name, string figure)
    {
        using ITrainer trainer = Program.Value.Create(name, ("batch", "64"));
        using Source x = TrainedProgram.Numbers("x", 64, 6);
        return TrainedProgram.Step(trainer, 1, x)[0].Values.Single(v => v.Name == figure).Value;
    }

    private static Dictionary<string, Tensor> Copies(ITrainer trainer, string net) =>
        trainer.Nets.Single(n => n.Name == net).State.ToDictionary(s => s.Name, s => s.Tensor.detach().clone());

    private static bool Same(Tensor a, Tensor b) => a.equal(b).all().item<bool>();
}
