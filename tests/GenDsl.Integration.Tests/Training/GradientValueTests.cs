using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;

namespace GenDsl.Integration.Tests.Training;

/// <summary><c>grad(y, at)</c> as a value, and objectives that run through it.</summary>
public sealed class GradientValueTests
{
    private const string Text = """
        space Code = f32[6]
        space Latent = f32[6] ~ normal(0, 1)
        net Linear(x: [d]) -> [1] { x |> linear(1) }
        net Head(x: [d]) -> [1] { x |> linear(8) |> tanh |> linear(1) }
        net Map(x: [d]) { x |> linear(8) |> tanh |> linear(6) }
        net Dead(x: [d]) { x |> linear(4, init: zeros) }
        loss gradient_penalty(D: net(S) -> [1], real: S, fake: S) {
            mix = lerp(real, fake, uniform(0, 1, per: sample))
            mean((norm(grad(sum(D(mix)), mix), per: sample) - 1)^2)
        }

        trainer Slope(x: Code) {
            D = Linear()
            minimize mean(sum(grad(sum(D(x)), x)^2, per: sample)) over D with sgd(0.125)
        }
        trainer Curved(x: Code) {
            D = Head()
            minimize mean((norm(grad(sum(D(x)), x), per: sample) - 1)^2) over D with sgd(1.0)
        }
        trainer Once(x: Code) {
            D = Head()
            push = grad(sum(D(x)^2), x)
            minimize mean((D(x + stop(push)) - 1)^2) over D with sgd(0.1)
            report size = mean(norm(push, per: sample))
        }
        trainer Penalised(x: Code) {
            G = Map(); D = Head()
            repeat 2 {
                fake = G(draw(Latent))
                minimize mean(D(fake)) - mean(D(x)) + 10 * gradient_penalty(D, x, fake) over D with adam(1e-2)
            }
            minimize -mean(D(G(draw(Latent)))) over G with adam(1e-2)
        }
        trainer Through(x: Code) {
            G = Map(); D = Head()
            y = G(x)
            pull = grad(sum(D(y)), y)
            minimize mean(sum(pull * y, per: sample)) over G with sgd(0.1)
            minimize mean(D(x)^2) over D with sgd(0.1)
        }
        trainer AtZero(x: Code) {
            M = Dead()
            minimize mean(norm(M(x), per: sample)) over M with sgd(0.1)
        }
        """;

    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("gradient_values", Text));

    [Fact]
    public void ThePenaltyOfALinearMap_ShrinksItsWeight_AndLeavesItsBias()
    {
        // The slope is the weight w, so the objective is |w|^2, with gradient 2 w.
        var (before, after) = Step("Slope", "D");
        Runtime.TensorAssert.Close(before["linear1.weight"] * 0.75, after["linear1.weight"], 1e-7);
        Runtime.TensorAssert.Same(before["linear1.bias"], after["linear1.bias"]);
    }

    [Fact]
    public void AnObjectiveThroughAGradient_HasTheGradientOfItsFormula()
    {
        var (before, after) = Step("Curved", "D");
        using Source x = TrainedProgram.Numbers("x", 8, 6);
        using torch.Tensor rows = Draws.Root(5, torch.CPU).At("x").Normal(8, 6);
        var weights = before.ToDictionary(pair => pair.Key, pair => pair.Value.clone().requires_grad_(true));
        torch.Tensor hidden = torch.nn.functional.linear(rows, weights["linear1.weight"], weights["linear1.bias"]).tanh();
        torch.Tensor slope = ((1 - hidden.pow(2)) * weights["linear2.weight"]).matmul(weights["linear1.weight"]);
        torch.Tensor objective = (slope.pow(2).sum([1]).sqrt() - 1).pow(2).mean();
        objective.backward();
        foreach (string name in new[] { "linear1.weight", "linear1.bias", "linear2.weight" })
        {
            Runtime.TensorAssert.Close(weights[name].grad!, before[name] - after[name], 1e-5);
        }

        Runtime.TensorAssert.Same(before["linear2.bias"], after["linear2.bias"]);
    }

    [Fact]
    public void AStoppedGradient_IsAValueLikeOthers()
    {
        var (before, after) = Step("Once", "D");
        Assert.Contains(before, pair => !pair.Value.equal(after[pair.Key]).all().item<bool>());
    }

    [Fact]
    public void AGradientLeadsToTheNetThatMadeItsPlace()
    {
        var (before, after) = Step("Through", "G");
        Assert.All(before, pair => Assert.False(pair.Value.equal(after[pair.Key]).all().item<bool>()));
    }

    [Fact]
    public void ANormIsSafeAtZero()
    {
        var (_, after) = Step("AtZero", "M");
        Assert.All(after.Values, weight => Assert.True(weight.isfinite().all().item<bool>()));
    }

    [Theory]
    [InlineData("Penalised")]
    [InlineData("Once")]
    [InlineData("Through")]
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

    /// <summary>Every layer and function that may stand in a penalised critic, against differences of its own objective.</summary>
    [Theory]
    [InlineData("[16, 6, 6]", "conv(16, kernel: 3) |> tanh |> conv(16, kernel: 3)")]
    [InlineData("[16, 6, 6]", "conv(16, kernel: 4, stride: 2, pad: 1) |> softplus |> flatten |> linear(2)")]
    [InlineData("[16, 3, 3]", "conv_transpose(16, kernel: 4, stride: 2) |> sigmoid")]
    [InlineData("[16, 6]", "conv(16, kernel: 3, pad: causal) |> elu |> conv(16, kernel: 3)")]
    [InlineData("[16, 6, 6]", "masked_conv(16, kernel: 3, mask: B) |> silu")]
    [InlineData("[6]", "weight_norm(linear(4)) |> tanh |> linear(3)")]
    [InlineData("[6]", "masked_linear(12) |> tanh |> masked_linear(6)")]
    [InlineData("[6]", "linear(4) |> log_sigmoid |> linear(3)")]
    [InlineData("[6]", "linear(4) |> softmax")]
    [InlineData("[6]", "linear(4) |> log_softmax")]
    [InlineData("[6]", "linear(8) |> gated |> linear(3)")]
    [InlineData("[6]", "linear(8) |> glu |> linear(3)")]
    [InlineData("[6]", "linear(4) |> concat_elu |> linear(3)")]
    [InlineData("[6]", "linear(4) |> leaky_relu(0.2) |> linear(3) |> exp")]
    [InlineData("[6]", "linear(4) |> abs |> linear(3)")]
    [InlineData("[2, 5]", "gru(3)")]
    [InlineData("[2, 5]", "lstm(3)")]
    public void LayersAreDifferentiatedTwice(string shape, string layers)
    {
        var program = new TrainedProgram("twice", $$"""
            space Code = f32{{shape}}
            net Critic(x: Code) { x |> {{layers}} }
            trainer T(rate = 1.0)(x: Code) {
                D = Critic()
                minimize 10 * mean(grad(sum(D(x)^2), x)^2) over D with sgd(rate)
            }
            """);
        long[] sizes = [.. shape.Trim('[', ']').Split(',').Select(s => long.Parse(s, System.Globalization.CultureInfo.InvariantCulture))];

        // Of fewer channels, libtorch's gradient of a small convolution at its input depends on what was in memory before (seen).
        using Source x = TrainedProgram.Numbers("x", 32, sizes);
        using ITrainer moved = program.Create("T", ("batch", "32"));
        Dictionary<string, torch.Tensor> before = TrainedProgram.Weights(moved, "D");
        TrainedProgram.Step(moved, 1, x);
        Dictionary<string, torch.Tensor> after = TrainedProgram.Weights(moved, "D");
        using ITrainer still = program.Create("T", ("batch", "32"), ("rate", "0"));

        // Along the gradient g, the objective changes by |g|^2 for each unit of -g.
        double expected = before.Keys.Sum(k => (before[k] - after[k]).to(torch.float64).square().sum().item<double>());
        Assert.True(expected > 1e-6, "the objective does not depend on the weights");
        double step = 1e-2 / Math.Sqrt(expected);
        double Objective(double at)
        {
            using (torch.no_grad())
            {
                foreach (StateTensor weight in still.Nets.Single(n => n.Name == "D").State.Learned)
                {
                    weight.Tensor.copy_(before[weight.Name] + (before[weight.Name] - after[weight.Name]) * at);
                }
            }

            return TrainedProgram.Step(still, 1, x)[0].Values.Single().Value;
        }

        double found = (Objective(step) - Objective(-step)) / (2 * step);
        Assert.InRange(found / expected, 0.97, 1.03);
    }

    private static (Dictionary<string, torch.Tensor> Before, Dictionary<string, torch.Tensor> After) Step(string trainer, string net)
    {
        using ITrainer made = Program.Value.Create(trainer, ("batch", "8"));
        using Source x = TrainedProgram.Numbers("x", 8, 6);
        Dictionary<string, torch.Tensor> before = TrainedProgram.Weights(made, net);
        TrainedProgram.Step(made, 1, x);
        return (before, TrainedProgram.Weights(made, net));
    }
}
