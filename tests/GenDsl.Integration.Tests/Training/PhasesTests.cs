using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;

namespace GenDsl.Integration.Tests.Training;

/// <summary>Plans of phases: lengths and clocks, what moves when, reports, and resuming across their boundaries.</summary>
public sealed class PhasesTests
{
    private const string Text = """
        space Code = f32[6]
        space Latent = f32[6] ~ normal(0, 1)
        net Body(x: [d]) { x |> linear(8) |> tanh |> linear(d) }
        net Started(x: Code) { x |> weight_norm(linear(4), init: data) }
        trainer Plan(steps_a = 5, epochs_b = 2.0)(x: Code, y: Code) {
            A = Body(); B = Body()
            A_avg = ema(A, if step < 2 then 0.0 else 0.5); B_avg = ema(B, 0.5)

            phase first for steps_a steps {
                fit = mean((A(x) - x)^2) + 0.1 * mean(A(draw(Latent))^2)
                minimize fit over A with adam(if step < 3 then 1e-2 else 1e-3)
            }

            /// The second one.
            phase second for epochs_b epochs of y {
                repeat 2 {
                    minimize mean((B(y) - y)^2) + 0.1 * mean(A(draw(Latent))^2) + mean(B(draw(Latent))) over B with adam(if step < 1 then 0.0 else 1e-2)
                }
                report spread = mean(x^2)
            }
        }
        trainer Endless(x: Code) {
            A = Body()
            phase first for 0.5 epochs { minimize mean((A(x) - x)^2) over A with sgd(1e-2) }
            phase last { minimize mean(A(x)^2) over A with sgd(1e-2) }
        }
        trainer FromData(x: Code) {
            A = Started(); B = Started(); B_avg = ema(B, 0.9)
            phase first for 2 steps { minimize mean(A(x)^2) over A with sgd(0) }
            phase second for 2 steps { minimize mean(A(x)^2) + mean(B(x)^2) over (A, B) with sgd(0.1) }
        }
        """;

    private const int Rows = 40;
    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("phases", Text));

    [Fact]
    public async Task APlan_RunsItsPhases_InOrder_ToTheirEnds()
    {
        using ITrainer trainer = Create("Plan", ("report_every", "3"));
        using Source x = TrainedProgram.Numbers("x", Rows, 6);
        using Source y = TrainedProgram.Numbers("y", Rows, 6);
        List<string> started = [];
        trainer.GetType().GetEvent("PhaseStarted")!.AddEventHandler(trainer, (Action<string>)started.Add);
        List<StepReport> reports = await Fit(trainer, RunLength.OfPlan, x, y);

        // 2 epochs of 5 batches, two batches a step; a phase ends with a report of its own.
        Assert.Equal(["first", "second"], started);
        Assert.Equal([("first", 3L), ("first", 5L), ("second", 6L), ("second", 9L), ("second", 10L)], reports.Select(r => (r.Phase, r.Step)));
        Assert.All(reports, r => Assert.Equal(r.Phase == "first" ? ["fit"] : ["B", "spread"], r.Values.Select(v => v.Name)));
        Assert.Equal(1, trainer.Done);
        Assert.Equal(3, trainer.Epoch, 9);
        var error = Assert.Throws<GenDslException>(() => TrainedProgram.Step(trainer, 1, x, y));
        Assert.Equal("Plan has done all its phases: first, second. There is no step left.", error.Message);
    }

    [Fact]
    public void AReport_SaysThePhase_AndHasNoFiguresOfOthers()
    {
        using ITrainer trainer = Create("Plan");
        using Source x = TrainedProgram.Numbers("x", Rows, 6);
        using Source y = TrainedProgram.Numbers("y", Rows, 6);
        List<IReport> reports = TrainedProgram.Step(trainer, 7, x, y);
        Assert.Equal([1L, 2, 3, 4, 5, 1, 2], reports.Select(r => Member<long>(r, "PhaseStep")));
        Assert.All(reports, r => Assert.Equal(r.Phase == "first", Member<double?>(r, "Fit") is not null));
        Assert.All(reports, r => Assert.Equal(r.Phase == "second", Member<double?>(r, "Spread") is not null));
    }

    [Fact]
    public void WhatAPhaseDoesNotMove_Stays_AverageIncluded()
    {
        using ITrainer trainer = Create("Plan");
        using Source x = TrainedProgram.Numbers("x", Rows, 6);
        using Source y = TrainedProgram.Numbers("y", Rows, 6);
        var born = State(trainer);
        TrainedProgram.Step(trainer, 5, x, y);
        var between = State(trainer);
        TrainedProgram.Step(trainer, 1, x, y);
        var first = State(trainer);
        TrainedProgram.Step(trainer, 3, x, y);
        var end = State(trainer);
        Assert.Equal(["A", "A_avg"], Moved(born, between));

        // The first step of the second phase has the rate 0: steps count from 0 again.
        Assert.Empty(Moved(between, first));
        Assert.Equal(["B", "B_avg"], Moved(first, end));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(8)]
    public async Task ARunResumes_AcrossPhases_BitForBit(int at)
    {
        using var folder = new Runtime.TemporaryFolder();
        using Source x = TrainedProgram.Numbers("x", Rows, 6);
        using Source y = TrainedProgram.Numbers("y", Rows, 6);
        using ITrainer whole = Create("Plan");
        await Fit(whole, RunLength.OfPlan, x, y);
        using ITrainer half = Create("Plan");
        await Fit(half, RunLength.Steps(at), x, y);
        Assert.Equal(at, half.GlobalStep);
        string checkpoint = half.Save(folder.Path);
        using ITrainer resumed = Program.Value.Descriptor("Plan").Load(checkpoint, new OptionBag());
        Assert.Equal(half.Epoch, resumed.Epoch, 9);
        List<string> started = [];
        resumed.GetType().GetEvent("PhaseStarted")!.AddEventHandler(resumed, (Action<string>)started.Add);
        await Fit(resumed, RunLength.OfPlan, x, y);
        Assert.Equal(at <= 5 ? ["second"] : [], started);
        Assert.Equal(whole.GlobalStep, resumed.GlobalStep);
        Assert.Equal(whole.Epoch, resumed.Epoch, 9);
        Runtime.TensorAssert.Same(whole.State, resumed.State);
    }

    [Fact]
    public async Task ALength_CutsThePlanShort_InStepsOrEpochs()
    {
        using Source x = TrainedProgram.Numbers("x", Rows, 6);
        using Source y = TrainedProgram.Numbers("y", Rows, 6);
        using ITrainer trainer = Create("Plan");
        await Fit(trainer, RunLength.Epochs(1.4), x, y);
        Assert.Equal(6, trainer.GlobalStep);
        Assert.Equal(("second", 7L), (await Fit(trainer, RunLength.Steps(7), x, y)).Select(r => (r.Phase, r.Step)).Last());
        await Fit(trainer, RunLength.Steps(1000), x, y);
        Assert.Equal(10, trainer.GlobalStep);
    }

    [Fact]
    public async Task TheLastPhase_MayTakeItsLengthFromTheRun()
    {
        using Source x = TrainedProgram.Numbers("x", Rows, 6);
        using ITrainer trainer = Create("Endless");
        var error = await Assert.ThrowsAsync<GenDslException>(() => Fit(trainer, RunLength.OfPlan, x));
        Assert.Equal("Endless: the phase 'last' says no length. Give the run a number of steps or epochs, or the phase: 'phase last for 30 epochs'.", error.Message);
        List<StepReport> reports = await Fit(trainer, RunLength.Epochs(2), x);
        Assert.Equal([("first", 3L), ("last", 10L)], reports.Select(r => (r.Phase, r.Step)));
    }

    [Fact]
    public void ALengthOfNoSteps_IsAnError()
    {
        var error = Assert.Throws<GenDslException>(() => Create("Plan", ("epochs_b", "-1")).Dispose());
        Assert.Equal("Plan needs epochs_b to be above 0, as the length of a phase, but epochs_b is -1.", error.Message);
    }

    [Fact]
    public void NetsThatStartFromData_StartInTheFirstPhaseThatCallsThem()
    {
        using ITrainer trainer = Create("FromData");
        using Source x = TrainedProgram.Numbers("x", Rows, 6);
        var born = State(trainer);
        TrainedProgram.Step(trainer, 2, x);
        var between = State(trainer);
        Assert.Equal(["A"], Moved(born, between));
        using ITrainer other = Create("FromData");
        TrainedProgram.Step(other, 3, x);
        Assert.Equal(["A", "B", "B_avg"], Moved(between, State(other)));

        // One step of 0.1 is not a start: A went on from where it was.
        torch.Tensor change = State(other)["A.linear1.weight_g"] - between["A.linear1.weight_g"];
        Assert.InRange(change.abs().max().item<float>(), 1e-6f, 0.1f);
    }

    private static ITrainer Create(string trainer, params (string, string)[] options) => Program.Value.Create(trainer, [("batch", "8"), .. options]);

    private static async Task<List<StepReport>> Fit(ITrainer trainer, RunLength length, params Source[] sources)
    {
        List<StepReport> reports = [];
        await foreach (StepReport report in trainer.Fit(sources.ToDictionary(s => s.Name), length))
        {
            reports.Add(report);
        }

        return reports;
    }

    private static T? Member<T>(IReport report, string name) => (T?)report.GetType().GetProperty(name)!.GetValue(report);

    private static Dictionary<string, torch.Tensor> State(ITrainer trainer) => trainer.State.ToDictionary(s => s.Name, s => s.Tensor.detach().clone());

    private static List<string> Moved(Dictionary<string, torch.Tensor> before, Dictionary<string, torch.Tensor> after) =>
        [.. before.Keys.Where(key => !before[key].equal(after[key]).all().item<bool>()).Select(key => key.Split('.')[0]).Distinct()];
}
