using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;

namespace GenDsl.Integration.Tests.Training;

/// <summary><c>clip:</c> and <c>clip_value:</c> seen from outside: with sgd at rate 1 a step is minus the gradient.</summary>
public sealed class ClippingTests
{
    private const string Text = """
        space Code = f32[6]
        net Map(x: Code) { x |> linear(4) |> tanh |> linear(3) }
        trainer T(norm = 0.0, value = 0.0, rate = 1.0)(x: Code) {
            M = Map()
            minimize 50 * mean(M(x)^2) over M with sgd(rate, clip: norm, clip_value: value)
        }
        trainer Free(rate = 1.0)(x: Code) {
            M = Map()
            minimize 50 * mean(M(x)^2) over M with sgd(rate)
        }
        model Density(x: Code) {
            param m: [6] = zeros
            x ~ normal(m, 1)
        }
        """;

    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("clipping", Text));

    [Fact]
    public void TheJointNorm_IsAtMostTheLimit()
    {
        var free = Gradient("Free");
        Assert.True(Norm(free) > 1, "the gradient is too small to be clipped");
        var clipped = Gradient("T", ("norm", "0.5"));
        Assert.InRange(Norm(clipped), 0.499, 0.5 + 1e-6);

        // The direction stays.
        Assert.All(free.Keys, name => Runtime.TensorAssert.Close(free[name] * (0.5 / Norm(free)), clipped[name], 1e-5));
    }

    [Fact]
    public void EachNumber_IsAtMostTheLimit()
    {
        var free = Gradient("Free");
        var clipped = Gradient("T", ("value", "0.25"));
        Assert.All(free.Keys, name => Runtime.TensorAssert.Close(free[name].clamp(-0.25, 0.25), clipped[name], 1e-6));
        Assert.Contains(free.Values, g => g.abs().max().item<float>() > 0.25);
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("1e6", "0")]
    [InlineData("0", "1e6")]
    [InlineData("1e6", "1e6")]
    public void WhatIsSmaller_StaysBitForBit(string norm, string value)
    {
        using ITrainer free = Program.Value.Create("Free", ("batch", "8"), ("rate", "0.01"));
        using ITrainer clipped = Program.Value.Create("T", ("batch", "8"), ("rate", "0.01"), ("norm", norm), ("value", value));
        using Source data = TrainedProgram.Numbers("x", 40, 6);
        TrainedProgram.Step(free, 5, data);
        TrainedProgram.Step(clipped, 5, data);
        Runtime.TensorAssert.Same(free.State, clipped.State);
    }

    [Fact]
    public void ANegativeLimit_IsAnError()
    {
        var error = Assert.Throws<GenDslException>(() => Program.Value.Create("T", ("batch", "8"), ("norm", "-1")).Dispose());
        Assert.Equal("T needs norm to be 0 or above, as 'clip' of 'sgd' (0 for no limit), but norm is -1.", error.Message);
    }

    [Fact]
    public void ABareModel_HasALearningRateAndALimit()
    {
        var options = Program.Value.Descriptor("Density").Hyperparameters.ToDictionary(h => h.Name, h => h.Default);
        Assert.Equal("1e-3", options["learning_rate"]);
        Assert.Equal("0", options["clip"]);
        using ITrainer still = Program.Value.Create("Density", ("batch", "8"), ("learning_rate", "0"));
        using ITrainer moved = Program.Value.Create("Density", ("batch", "8"), ("learning_rate", "0.5"), ("clip", "100"));
        using Source data = TrainedProgram.Numbers("x", 40, 6);
        TrainedProgram.Step(still, 1, data);
        TrainedProgram.Step(moved, 1, data);
        Assert.Equal(0, TrainedProgram.Weights(still, "Model")["m"].abs().max().item<float>());
        Assert.Equal(0.5f, TrainedProgram.Weights(moved, "Model")["m"].abs().max().item<float>(), 1e-3f);
    }

    private static double Norm(Dictionary<string, torch.Tensor> gradient) => Math.Sqrt(gradient.Values.Sum(g => g.to(torch.float64).square().sum().item<double>()));

    private static Dictionary<string, torch.Tensor> Gradient(string name, params (string, string)[] options)
    {
        using ITrainer trainer = Program.Value.Create(name, [("batch", "8"), .. options]);
        using Source data = TrainedProgram.Numbers("x", 40, 6);
        var before = TrainedProgram.Weights(trainer, "M");
        TrainedProgram.Step(trainer, 1, data);
        var after = TrainedProgram.Weights(trainer, "M");
        return before.Keys.ToDictionary(key => key, key => before[key] - after[key]);
    }
}
