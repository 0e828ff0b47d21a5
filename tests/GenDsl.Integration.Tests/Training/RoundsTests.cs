using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;

namespace GenDsl.Integration.Tests.Training;

/// <summary><c>repeat</c>, <c>accumulate</c>, <c>every</c> and <c>for</c> in steps: who moves when, against what, and which batches are read.</summary>
public sealed class RoundsTests
{
    private const string Text = """
        space Code = f32[6]
        space Latent = f32[6] ~ normal(0, 1)
        net Map(x: [d]) { x |> linear(8) |> tanh |> linear(6) }
        net Head(x: [d]) -> [1] { x |> linear(8) |> tanh |> linear(1) }

        trainer Both(x: Code) {
            G = Map(); D = Head()
            accumulate 1 {
                fake = G(draw(Latent)); judged = D(fake)
                minimize mean(judged) - mean(D(x)) over D with sgd(0.5)
                minimize -mean(judged) over G with sgd(0.5)
            }
        }
        trainer First(x: Code) {
            G = Map(); D = Head()
            accumulate 1 {
                fake = G(draw(Latent)); judged = D(fake)
                minimize mean(judged) - mean(D(x)) over D with sgd(0.5)
            }
        }
        trainer Second(x: Code) {
            G = Map(); D = Head()
            accumulate 1 {
                fake = G(draw(Latent))
                minimize -mean(D(fake)) over G with sgd(0.5)
            }
        }
        trainer InTurn(x: Code) {
            G = Map(); D = Head()
            repeat 1 {
                fake = G(draw(Latent))
                minimize mean(D(fake)) - mean(D(x)) over D with sgd(0.5)
                minimize -mean(D(fake)) over G with sgd(0.5)
            }
        }

        trainer Plain(x: Code) { M = Map(); minimize mean((M(x) - x)^2) over M with adam(1e-2, clip: 0.1) }
        trainer Parts(parts = 4)(x: Code) { M = Map(); accumulate parts { minimize mean((M(x) - x)^2) over M with adam(1e-2, clip: 0.1) } }
        trainer Loop(n = 3)(x: Code) { M = Map(); for i in 0..n { minimize mean((M(x) - x)^2) over M with adam(1e-2, clip: 0.1) } }
        trainer Repeated(x: Code) {
            M = Map()
            repeat if step % 3 == 0 then 4 else 2 { minimize mean((M(x) - x)^2) over M with adam(1e-2) }
        }
        trainer Shared(x: Code) {
            M = Map()
            y = M(x)
            accumulate 3 { minimize mean(y^2) over M with sgd(0.1) }
        }

        trainer Lazy(y: Code, x: Code) {
            A = Map(); B = Map(); B_avg = ema(B, 0.5)
            minimize mean((A(x) - x)^2) over A with sgd(0.1)
            every 3 steps {
                minimize mean((B(y) - y)^2) over B with sgd(0.1)
            }
        }

        trainer Seldom(k = 1)(x: Code) {
            A = Map(); B = Map()
            minimize mean((A(x) - x)^2) over A with sgd(0.1)
            every k + 1 steps { minimize mean((B(x) - x)^2) over B with sgd(0.1) }
        }
        """;

    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("rounds", Text));

    [Fact]
    public void AccumulateOne_MovesBothPlayers_FromWhereBothStood()
    {
        using Source x = TrainedProgram.Numbers("x", 40, 6);
        using ITrainer both = Program.Value.Create("Both", ("batch", "8"));
        using ITrainer first = Program.Value.Create("First", ("batch", "8"));
        using ITrainer second = Program.Value.Create("Second", ("batch", "8"));
        using ITrainer turn = Program.Value.Create("InTurn", ("batch", "8"));
        foreach (ITrainer trainer in new[] { both, first, second, turn })
        {
            TrainedProgram.Step(trainer, 1, x);
        }

        Runtime.TensorAssert.Same(Net(first, "D"), Net(both, "D"));
        Runtime.TensorAssert.Same(Net(second, "G"), Net(both, "G"));
        Assert.Contains(Net(turn, "G"), t => !t.Tensor.equal(Net(both, "G")[t.Name].Tensor).all().item<bool>());
    }

    [Fact]
    public void Accumulate_IsOneLargerBatch()
    {
        using Source x = TrainedProgram.Numbers("x", 40, 6);
        using ITrainer large = Program.Value.Create("Plain", ("batch", "8"));
        using ITrainer parts = Program.Value.Create("Parts", ("batch", "2"));
        TrainedProgram.Step(large, 4, x);
        TrainedProgram.Step(parts, 4, x);
        Assert.Equal(large.Epoch, parts.Epoch, 9);
        Close(large, parts, 1e-5);
    }

    [Fact]
    public void ALoop_GoesOnWithItsBatch_AndWithItsMoments()
    {
        // All batches of a source of one batch are the same rows.
        using Source x = TrainedProgram.Numbers("x", 8, 6);
        using ITrainer plain = Program.Value.Create("Plain", ("batch", "8"));
        using ITrainer loop = Program.Value.Create("Loop", ("batch", "8"));
        TrainedProgram.Step(plain, 6, x);
        TrainedProgram.Step(loop, 2, x);
        Assert.Equal(2, loop.Epoch, 9);
        Close(plain, loop, 1e-5);
    }

    [Fact]
    public void TheNumberOfRounds_MayDependOnTheStep()
    {
        using Source x = TrainedProgram.Numbers("x", 40, 6);
        using ITrainer trainer = Program.Value.Create("Repeated", ("batch", "8"));
        TrainedProgram.Step(trainer, 4, x);
        Assert.Equal((4 + 2 + 2 + 4) / 5.0, trainer.Epoch, 9);
    }

    [Fact]
    public void RoundsMayShareAGraph()
    {
        using Source x = TrainedProgram.Numbers("x", 40, 6);
        using ITrainer trainer = Program.Value.Create("Shared", ("batch", "8"));
        Dictionary<string, torch.Tensor> before = TrainedProgram.Weights(trainer, "M");
        TrainedProgram.Step(trainer, 2, x);
        Assert.All(TrainedProgram.Weights(trainer, "M"), pair => Assert.False(pair.Value.equal(before[pair.Key]).all().item<bool>()));
    }

    [Fact]
    public void Every_RunsInItsSteps_AndPullsThenOnly()
    {
        using Source x = TrainedProgram.Numbers("x", 40, 6);
        using Source y = TrainedProgram.Numbers("y", 40, 6);
        using ITrainer trainer = Program.Value.Create("Lazy", ("batch", "8"));
        List<long> moved = [];
        for (int step = 0; step < 7; step++)
        {
            var (a, b, average) = (Copy(trainer, "A"), Copy(trainer, "B"), Copy(trainer, "B_avg"));
            IReport report = TrainedProgram.Step(trainer, 1, y, x)[0];
            Assert.False(Unchanged(trainer, "A", a));
            Assert.Equal(Unchanged(trainer, "B", b), Unchanged(trainer, "B_avg", average));
            Assert.Equal(Unchanged(trainer, "B", b) ? ["A"] : ["A", "B"], report.Values.Select(v => v.Name));
            if (!Unchanged(trainer, "B", b))
            {
                moved.Add(step);
            }
        }

        Assert.Equal([0, 3, 6], moved);

        // The clock is the first source, which only 'every' reads.
        Assert.Equal(3 / 5.0, trainer.Epoch, 9);
    }

    [Fact]
    public void Every_OfASum_CountsByTheWholeOfIt()
    {
        using Source x = TrainedProgram.Numbers("x", 40, 6);
        using ITrainer trainer = Program.Value.Create("Seldom", ("batch", "8"), ("k", "2"));
        List<int> moved = [];
        for (int step = 0; step < 7; step++)
        {
            var before = Copy(trainer, "B");
            TrainedProgram.Step(trainer, 1, x);
            if (!Unchanged(trainer, "B", before))
            {
                moved.Add(step);
            }
        }

        Assert.Equal([0, 3, 6], moved);
    }

    [Theory]
    [InlineData("Both")]
    [InlineData("Parts")]
    [InlineData("Loop")]
    [InlineData("Shared")]
    public void NothingLeaks_AndARunResumes(string name)
    {
        using var folder = new Runtime.TemporaryFolder();
        using Source x = TrainedProgram.Numbers("x", 40, 6);
        using ITrainer whole = Program.Value.Create(name, ("batch", "8"));
        using ITrainer half = Program.Value.Create(name, ("batch", "8"));
        TrainedProgram.Step(half, 2, x);
        using ITrainer resumed = Program.Value.Descriptor(name).Load(half.Save(folder.Path), new OptionBag());
        TrainedProgram.Step(whole, 5, x);
        TrainedProgram.Step(resumed, 3, x);
        Runtime.TensorAssert.Same(whole.State, resumed.State);

        TrainedProgram.NoLeak(() => TrainedProgram.Step(whole, 20, x));
    }

    private static StateTable Net(ITrainer trainer, string net) => trainer.Nets.Single(n => n.Name == net).State;

    private static Dictionary<string, torch.Tensor> Copy(ITrainer trainer, string net) => Net(trainer, net).ToDictionary(s => s.Name, s => s.Tensor.detach().clone());

    private static bool Unchanged(ITrainer trainer, string net, Dictionary<string, torch.Tensor> before) => Net(trainer, net).All(s => s.Tensor.equal(before[s.Name]).all().item<bool>());

    private static void Close(ITrainer a, ITrainer b, double tolerance) =>
        Assert.All(Net(a, "M"), t => Runtime.TensorAssert.Close(t.Tensor, Net(b, "M")[t.Name].Tensor, tolerance));
}
