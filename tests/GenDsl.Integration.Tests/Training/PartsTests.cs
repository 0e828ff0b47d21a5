using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;

namespace GenDsl.Integration.Tests.Training;

/// <summary>Targets that are parts of nets: what they name moves, everything else stays bit for bit.</summary>
public sealed class PartsTests
{
    private const string Text = """
        space Code = f32[6]
        net Prior(x: [d]) { hidden = linear(4); x |> hidden |> tanh |> linear(d) }
        net Map(n = 2)(x: Code) {
            prior = Prior()
            param gain: [6] = ones
            y = x
            for i in 0..n {
                block = Prior()
                y = y + (y |> block |> linear(6))
            }
            gain * (y |> prior |> linear(6))
        }
        net Split(x: Code) { left = Prior(); right = Prior(); (left(x), right(x)) }
        net Head(x: Code) { x |> linear(1) }
        model Density(x: Code) {
            decoder = Prior(); encoder = Prior()
            z: [6] ~ normal(0, 1)
            x ~ normal(z |> decoder, 1)
            guide { z ~ normal(x |> encoder, 1) }
        }
        trainer Part(x: Code) {
            M = Map()
            minimize mean(M(x)^2) over M.prior with adam(1e-2)
        }
        trainer Deep(x: Code) {
            M = Map()
            minimize mean(M(x)^2) over (M.prior.hidden, M.linear1) with sgd(1e-2, clip: 1.0)
        }
        trainer Rest(x: Code) {
            M = Map(); D = Head()
            minimize mean(M(x)^2) + mean(D(x)^2) over (M except M.prior, D) with adamw(1e-2)
        }
        trainer Loops(x: Code) {
            M = Map()
            minimize mean(M(x)^2) over M.block except M.block.hidden with adam(1e-2)
        }
        trainer Whole(x: Code) {
            M = Split()
            (a, b) = M(x)
            minimize mean(a^2) + mean(b^2) over M with sgd(1e-2)
        }
        trainer Halves(x: Code) {
            M = Split()
            (a, b) = M(x)
            minimize mean(a^2) over M.left with sgd(1e-2)
            minimize mean(b^2) over M.right with sgd(1e-2)
        }
        trainer OfModel(x: Code) {
            M = Density()
            minimize mean(loss(M, x)) over M.decoder with adam(1e-2)
        }
        """;

    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("parts", Text));

    [Theory]
    [InlineData("Part", "prior.hidden prior.linear1")]
    [InlineData("Deep", "prior.hidden linear1")]
    [InlineData("Rest", "gain block linear1 linear2")]
    [InlineData("Loops", "block.0.linear1 block.1.linear1")]
    [InlineData("OfModel", "decoder")]
    public void WhatIsNamed_Moves_AndNothingElse(string trainer, string parts)
    {
        var moved = Moved(trainer, "M");
        string[] expected = parts.Split(' ');
        Assert.All(moved, pair => Assert.True(pair.Value == expected.Any(part => pair.Key == part || pair.Key.StartsWith(part + ".", StringComparison.Ordinal)), pair.Key));
        Assert.Contains(true, moved.Values);
    }

    [Fact]
    public void OtherTargets_MoveToo() => Assert.DoesNotContain(false, Moved("Rest", "D").Values);

    // Neither half's weights are read by the other's gradient, so one call serves both statements.
    [Fact]
    public void PartsInTurn_AreTheWholeAtOnce()
    {
        using ITrainer whole = Program.Value.Create("Whole", ("batch", "8"));
        using ITrainer halves = Program.Value.Create("Halves", ("batch", "8"));
        using Source data = TrainedProgram.Numbers("x", 40, 6);
        TrainedProgram.Step(whole, 4, data);
        TrainedProgram.Step(halves, 4, data);
        Runtime.TensorAssert.Same(whole.State, halves.State);
    }

    [Fact]
    public void ARunResumes_WithTheMomentsOfThePartAlone()
    {
        using var folder = new Runtime.TemporaryFolder();
        using Source data = TrainedProgram.Numbers("x", 40, 6);
        using ITrainer whole = Program.Value.Create("Part", ("batch", "8"));
        using ITrainer half = Program.Value.Create("Part", ("batch", "8"));
        TrainedProgram.Step(whole, 5, data);
        TrainedProgram.Step(half, 2, data);
        string checkpoint = half.Save(folder.Path);
        using ITrainer resumed = Program.Value.Descriptor("Part").Load(checkpoint, new OptionBag());
        TrainedProgram.Step(resumed, 3, data);
        Runtime.TensorAssert.Same(whole.State, resumed.State);
        Assert.Contains("M.prior.hidden.weight", whole.State.Select(s => s.Name));
    }

    private static Dictionary<string, bool> Moved(string trainer, string net)
    {
        using ITrainer made = Program.Value.Create(trainer, ("batch", "8"));
        using Source data = TrainedProgram.Numbers("x", 40, 6);
        Dictionary<string, torch.Tensor> before = TrainedProgram.Weights(made, net);
        TrainedProgram.Step(made, 2, data);
        Dictionary<string, torch.Tensor> after = TrainedProgram.Weights(made, net);
        return before.Keys.ToDictionary(key => key, key => !before[key].equal(after[key]).all().item<bool>());
    }
}
