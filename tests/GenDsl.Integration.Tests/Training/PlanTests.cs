using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using GenDsl.Dsl;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Text;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Training;

/// <summary>Plans with loops, nets that get the weights of others between phases, and orthogonal weights.</summary>
public sealed class PlanTests
{
    private const string Text = """
        space Code = f32[6]
        net Body(n = 4)(x: Code) -> Code { x |> linear(n) |> batch_norm |> tanh |> linear(6) }
        space Plane = f32[2]
        net Map(x: Plane) -> [2] { x |> linear(2, bias: false) }
        trainer Rounds(rounds: int >= 0 = 2, n = 4)(x: Code) {
            T = Body(n); S = Body(n); S_avg = ema(S, 0.5)
            phase teach for 3 steps { minimize mean((T(x) - x)^2) over T with adam(1e-2) }
            for round in 0..rounds {
                S <- fresh
                phase learn for round + 2 steps { minimize mean((S(x) - eval(T)(x))^2) over S with adam(1e-2) }
                T <- S
            }
            phase end for 1 steps { minimize mean(T(x)^2) over T with adam(1e-2) }
        }
        trainer Kept(x: Code) {
            T = Body(); S = Body()
            own = adam(1e-2)
            phase a for 2 steps { minimize mean((S(x) - x)^2) over S with own }
            S <- T
            phase b for 1 steps { minimize mean((S(x) - x)^2) over S with own }
        }
        trainer Grid(a = 2, b = 3)(x: Code) {
            S = Body()
            for i in 0..a {
                for j in i..b { phase p for 1 steps { minimize mean((S(x) - x)^2) over S with sgd(0.1) } }
                S <- fresh
            }
        }
        trainer Projected(rate = 0.1)(pairs: { a: Plane, b: Plane }) {
            W = Map(); V = Map()
            constrain W: orthogonal
            phase climb for 300 steps { minimize -mean(sum(b * W(a), per: sample)) over W with sgd(rate) }
            W <- V
        }
        """;

    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("plans", Text));

    [Fact]
    public async Task ALoopOfPhases_HasItsRounds_AndNumbersMaySayHowLong()
    {
        List<string> started = [];
        using ITrainer trainer = Program.Value.Create("Rounds", ("batch", "4"), ("rounds", "3"));
        trainer.GetType().GetEvent("PhaseStarted")!.AddEventHandler(trainer, (Action<string>)started.Add);
        await Fit(trainer);
        Assert.Equal(["teach", .. Enumerable.Repeat(new[] { "write_S", "learn", "write_T" }, 3).SelectMany(r => r), "end"], started);
        Assert.Equal(3 + (2 + 3 + 4) + (3 * 2) + 1, trainer.GlobalStep);
        using ITrainer none = Program.Value.Create("Rounds", ("batch", "4"), ("rounds", "0"));
        await Fit(none);
        Assert.Equal(4, none.GlobalStep);
        using ITrainer grid = Program.Value.Create("Grid", ("batch", "4"));
        await Fit(grid);
        Assert.Equal(3 + 2 + 2, grid.GlobalStep);
    }

    [Fact]
    public async Task ANetIsBornAgain_WithOtherNumbersEachTime_AndTheSameOnesInEachRun()
    {
        // Until the end of the first write, and of the second one: 3 steps, a birth; 2 steps, a copy, a birth.
        Dictionary<string, Tensor> born = await Student(1), first = await Student(4), second = await Student(8), again = await Student(8);
        Assert.All(first.Where(w => w.Key.EndsWith("linear1.weight", StringComparison.Ordinal)), w =>
        {
            Assert.False(w.Value.equal(born[w.Key]).all().item<bool>());
            Assert.False(w.Value.equal(second[w.Key]).all().item<bool>());

            // Born by the same law: uniform within 1/sqrt(6).
            Assert.InRange(second[w.Key].abs().max().ToDouble(), 0.2, 1 / Math.Sqrt(6));
        });
        Assert.All(second, w => Assert.True(w.Value.equal(again[w.Key]).all().item<bool>(), w.Key));

        async Task<Dictionary<string, Tensor>> Student(long steps)
        {
            using ITrainer trainer = Program.Value.Create("Rounds", ("batch", "4"));
            await Fit(trainer, RunLength.Steps(steps));
            return trainer.Nets.Single(n => n.Name == "S").State.ToDictionary(s => s.Name, s => s.Tensor.detach().clone());
        }
    }

    [Fact]
    public async Task ACopy_IsTheWholeNet_AndItsOptimizerBeginsAnew()
    {
        using ITrainer rounds = Program.Value.Create("Rounds", ("batch", "4"), ("rounds", "1"));
        await Fit(rounds, RunLength.Steps(7));
        (StateTable t, StateTable s) = (rounds.Nets.Single(n => n.Name == "T").State, rounds.Nets.Single(n => n.Name == "S").State);
        TensorAssert.Same(s, t);
        Assert.True(s["batch_norm1.running_mean"].Tensor.abs().sum().ToDouble() > 0);
        Assert.False(ReferenceEquals(s[0].Tensor, t[0].Tensor));

        // One step from T with moments forgotten is the first step of a new optimizer: of the same length in all numbers that have a gradient.
        using ITrainer kept = Program.Value.Create("Kept", ("batch", "16"));
        await Fit(kept);
        StateTable start = kept.Nets.Single(n => n.Name == "T").State, end = kept.Nets.Single(n => n.Name == "S").State;
        Tensor moved = (end["linear1.weight"].Tensor - start["linear1.weight"].Tensor).abs();
        TensorAssert.Close(full_like(moved, 1e-2), moved, 1e-5);
        Assert.Equal(1, kept.GetType().GetField("_ownAdam", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(kept) is Optimizer own ? own.State["own.step"].Tensor[0].ToDouble() : -1);
    }

    [Fact]
    public async Task ComingAgain_APhaseBeginsWithNewMoments()
    {
        // The first step of Adam has the same length in all numbers that have a gradient: in the second round too.
        using ITrainer trainer = Program.Value.Create("Rounds", ("batch", "16"));
        await Fit(trainer, RunLength.Steps(8));
        Tensor before = trainer.State["S.linear1.weight"].Tensor.clone();
        await Fit(trainer, RunLength.Steps(9));
        Tensor moved = (trainer.State["S.linear1.weight"].Tensor - before).abs();
        TensorAssert.Close(full_like(moved, 1e-2), moved, 1e-5);
    }

    [Fact]
    public async Task ARun_ResumesAnywhereInAPlan_AsTheUninterruptedOne()
    {
        using ITrainer whole = Program.Value.Create("Rounds", ("batch", "4"), ("seed", "5"));
        await Fit(whole);
        for (int steps = 1; steps < whole.GlobalStep; steps += 2)
        {
            using var folder = new TemporaryFolder();
            using (ITrainer start = Program.Value.Create("Rounds", ("batch", "4"), ("seed", "5")))
            {
                await Fit(start, RunLength.Steps(steps));
                start.Save(folder.Path);
            }

            using ITrainer rest = Program.Value.Descriptor("Rounds").Load(folder.Path, new OptionBag());
            await Fit(rest);
            Assert.Equal(whole.GlobalStep, rest.GlobalStep);
            TensorAssert.Same(whole.State, rest.State);
        }
    }

    [Fact]
    public void HandingOver_LeavesNoTensorBehind()
    {
        using Source x = TrainedProgram.Numbers("x", 16, 6);
        using ITrainer trainer = Program.Value.Create("Rounds", ("batch", "4"), ("rounds", "5"));
        TrainedProgram.Step(trainer, 9, x);

        // TorchSharp counts the tensor that a parameter is made of although the parameter took it over: once for each weight that is born again.
        long before = LiveTensors.Count();
        new TorchSharp.Modules.Parameter(zeros(2)).Dispose();
        long each = LiveTensors.Count() - before;
        long weights = trainer.Nets.Single(n => n.Name == "S").State.Learned.Count();
        before = LiveTensors.Count();
        TrainedProgram.Step(trainer, 5, x);
        Assert.InRange(LiveTensors.Count(), 0, before + (each * weights));
    }

    // M = diag(1, -0.5): the best map turns over, with trace 1.5. Projected steps from a rotation do not get there unless they are as long as 1 / sigma_min = 2,
    // and end at the identity, with trace 0.5; from a reflection they do (systems.md 50).
    [Theory]
    [InlineData(false, 0.1, 0.5)]
    [InlineData(false, 1.9, 0.5)]
    [InlineData(false, 2.1, 1.5)]
    [InlineData(true, 0.1, 1.5)]
    public async Task ProjectedSteps_KeepTheSignOfTheDeterminant(bool turned, double alpha, double trace)
    {
        // The mean over two rows halves a step.
        using Tensor a = eye(2);
        using Tensor b = tensor(new[] { 1f, 0, 0, -0.5f }).reshape(2, 2);
        using Source pairs = new("pairs", [.. new[] { ("a", a), ("b", b) }.Select(c => new Column(c.Item1, ElementKind.Real, 0, double.NegativeInfinity, double.PositiveInfinity, c.Item2.clone()))]);
        using ITrainer trainer = Program.Value.Create("Projected", ("batch", "2"), ("rate", (2 * alpha).ToString(CultureInfo.InvariantCulture)));
        Tensor w = trainer.State["W.linear1.weight"].Tensor;
        TensorAssert.Close(eye(2), w.mm(w.t()), 1e-5);
        using (no_grad())
        {
            float turn = turned ? -1 : 1, sin = MathF.Sin(0.3f), cos = MathF.Cos(0.3f);
            using Tensor start = tensor(new[] { cos, -turn * sin, sin, turn * cos }).reshape(2, 2);
            w.copy_(start);
        }

        await trainer.Fit(new Dictionary<string, Source> { ["pairs"] = pairs }, RunLength.Steps(300)).GetAsyncEnumerator().MoveNextToEnd();
        TensorAssert.Close(eye(2), w.mm(w.t()), 1e-5);
        Assert.Equal(trace, (w[0, 0] - (0.5 * w[1, 1])).ToDouble(), 1e-3);

        // What takes the place of the weights is projected too.
        await trainer.Fit(new Dictionary<string, Source> { ["pairs"] = pairs }, RunLength.OfPlan).GetAsyncEnumerator().MoveNextToEnd();
        TensorAssert.Close(eye(2), w.mm(w.t()), 1e-5);
        Assert.True((w - trainer.State["V.linear1.weight"].Tensor).abs().max().ToDouble() > 0.01);
    }

    // What nobody moves but another net gives is no idle part, and neither is what a closed form gives.
    [Fact]
    public void WhatIsGivenItsWeights_IsMoved()
    {
        const string Idle = """
            space Code = f32[6]
            net Map(x: Code) -> [6] { x |> linear(6, bias: false) }
            trainer T(x: Code) {
                A = Map(); B = Map(); C = Map()
                phase a for 3 steps { minimize mean((A(x) - x)^2) over A with sgd(0.1) }
                B <- A
                solve C = least_squares(x, B(x))
            }
            """;
        Assert.Empty(GenCompiler.Check(new GenSource("idle.gen", Idle)).Diagnostics);
    }

    private static async Task Fit(ITrainer trainer, RunLength? length = null)
    {
        using Source x = TrainedProgram.Numbers("x", 16, 6);
        await trainer.Fit(new Dictionary<string, Source> { ["x"] = x }, length ?? RunLength.OfPlan).GetAsyncEnumerator().MoveNextToEnd();
    }
}
