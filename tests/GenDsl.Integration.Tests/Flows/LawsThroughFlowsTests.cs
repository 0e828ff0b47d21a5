using System;
using GenDsl.Dsl;
using GenDsl.Integration.Tests.Soundness;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Flows;

/// <summary>Laws of what bijections make of a draw, noise models of dequantisation, and the temperature of a sampler.</summary>
public class LawsThroughFlowsTests
{
    private const string Program = """
        gen 1
        space Point = f32[2]
        space Bits = bit[1, 1, 2]
        space Noises = f32[1, 1, 2] in [0, 1]

        flow Layer(x: [d]) {
            (m, a) = x |> masked_linear(7) |> tanh |> masked_linear(2 * d, strict: true) |> chunk(2)
            x -= m
            x *= exp(-a)
            x |>= reverse
        }

        model Through(x: Point) {
            x ~ normal(0, 1) |> Layer |> Layer
        }

        model Backwards(x: Point) {
            x ~ normal(0, 1) |> inverse(Layer()) |> inverse(Layer())
        }

        flow Step(parity: int >= 0)(u: [1, 1, 2] | x: Bits) {
            (a, b) = checkerboard(u, parity)
            (s, t) = concat(a, x |> rescale(-1, 1)) |> conv(2, kernel: 3, pad: 1) |> chunk(2)
            b *= exp(tanh(s))
            b += t
        }

        model Noise(u: Noises | x: Bits) {
            u ~ normal(0, 1) |> Step(0)(x) |> Step(1)(x) |> sigmoid
        }

        model Variational(x: Bits) {
            y = x |> dequantize(noise: Noise()(x))
            y ~ uniform(0, 1)
        }
        """;

    private static readonly Lazy<CompiledPrograms> Compiled = new(() =>
    {
        CheckedFile file = ProgramTrial.Check("through", Program);
        Assert.False(file.HasErrors, string.Join("\n", file.Diagnostics));
        CompiledPrograms programs = CompiledPrograms.Of([file]);
        Assert.Empty(programs.Failures.Values);
        return programs;
    });

    [Theory]
    [InlineData("Through")]
    [InlineData("Backwards")]
    public void TheDensity_IsThatOfWhatIsDrawn(string name)
    {
        using var scope = NewDisposeScope();
        using FlowModel model = Model(name, 0.4);
        using var frozen = no_grad();

        // All of the mass lies on a grid that is wide enough.
        const int Sides = 400;
        Tensor line = linspace(-12, 12, Sides, ScalarType.Float64);
        Tensor[] axes = meshgrid([line, line], "ij");
        Tensor grid = stack([axes[0].flatten(), axes[1].flatten()], 1);
        double cell = Math.Pow(24.0 / (Sides - 1), 2);
        Assert.Equal(1, model.LogProb(grid).exp().sum().ToDouble() * cell, 2e-3);

        // And the mean of -log p over draws is the entropy that the grid gives.
        Tensor onGrid = model.LogProb(grid);
        double entropy = -(onGrid.exp() * onGrid).sum().ToDouble() * cell;
        Assert.Equal(entropy, -model.LogProb(model.Draw(20_000)).mean().ToDouble(), 0.03);
    }

    [Fact]
    public void WhatANoiseModelSaysOfItsDraw_IsWhatItSaysOfAnyValue()
    {
        using var scope = NewDisposeScope();
        using FlowModel noise = Model("Noise", 0.5);
        using var frozen = no_grad();
        Tensor x = Draws.Root(5, CPU, ScalarType.Float64).Bernoulli(full([40, 1, 1, 2], 0.5, ScalarType.Float64)).to(ScalarType.Float64);
        (Tensor u, Tensor logProb) = noise.Propose(x, Draws.Root(3, CPU, ScalarType.Float64));
        Assert.InRange(u.min().ToDouble(), 0, 1);
        Assert.InRange(u.max().ToDouble(), 0, 1);
        Runtime.TensorAssert.Close(noise.LogProb(u, x), logProb, 1e-9);
    }

    [Fact]
    public void TheNoiseOfAnImage_IsADensityOnItsBins()
    {
        using var scope = NewDisposeScope();
        using FlowModel noise = Model("Noise", 0.5);
        using var frozen = no_grad();

        // The density is steep at the ends of a bin, so that the grid is one of log-odds.
        const int Sides = 400;
        Tensor line = linspace(-16, 16, Sides, ScalarType.Float64);
        Tensor[] axes = meshgrid([line, line], "ij");
        Tensor odds = stack([axes[0].flatten(), axes[1].flatten()], 1).reshape(-1, 1, 1, 2);
        Tensor grid = odds.sigmoid();
        Tensor cell = (grid * (-odds).sigmoid()).prod(3).reshape(-1) * Math.Pow(32.0 / (Sides - 1), 2);
        foreach (double[] image in new double[][] { [0, 0], [1, 0], [1, 1] })
        {
            Tensor x = tensor(image).reshape(1, 1, 1, 2).expand(grid.size(0), -1, -1, -1);
            Assert.Equal(1, (noise.LogProb(grid, x).exp() * cell).sum().ToDouble(), 1e-6);
        }
    }

    [Fact]
    public void ADequantisedBound_IsTheDensityAgainstTheNoise()
    {
        using var scope = NewDisposeScope();
        using FlowModel model = Model("Variational", 0.5);
        FlowModel noise = model.Child("Noise");
        using var frozen = no_grad();
        Tensor x = Draws.Root(5, CPU, ScalarType.Float64).Bernoulli(full([500, 1, 1, 2], 0.5, ScalarType.Float64)).to(ScalarType.Float64);

        // A flat density gives each of the four images 1/4; the noise is drawn at the address of the line.
        (_, Tensor logNoise) = noise.Propose(x, Draws.Root(9, CPU, ScalarType.Float64).At("dequantize"));
        Tensor bound = model.LogProb(x, 9);
        Runtime.TensorAssert.Close(-Math.Log(4) - logNoise, bound, 1e-9);
        Assert.True(bound.mean().ToDouble() < -Math.Log(4) - 0.01, "The noise is uniform: the test says little.");
    }

    [Theory]
    [InlineData("DrawOf")]
    [InlineData("Draw")]
    public void ATemperature_ScalesTheNoise(string method)
    {
        using var scope = NewDisposeScope();
        using FlowModel model = Model("Backwards", 0.4);
        using var frozen = no_grad();
        Tensor cold = model.DrawAt(method, 50, 0);
        Runtime.TensorAssert.Close(cold[0].unsqueeze(0).expand_as(cold), cold, 1e-12);
        Tensor plain = model.DrawAt(method, 50, 1);
        Runtime.TensorAssert.Close(model.Draw(50), plain, 1e-12);

        // The noise at half the temperature is half the noise.
        Tensor Noise(Tensor x) => model.Apply("Layer", "Transform", model.Apply("Layer1", "Transform", x));
        Runtime.TensorAssert.Close(Noise(plain) * 0.5, Noise(model.DrawAt(method, 50, 0.5)), 1e-9);
    }

    [Theory]
    [InlineData(-1.0, true, "0 or more")]
    [InlineData(double.NaN, true, "0 or more")]
    [InlineData(0.5, false, "has no temperature")]
    public void AWrongTemperature_IsOneError(double temperature, bool hasTemperature, string part)
    {
        var sample = new SampleInfo("x", new SpaceInfo("P", ElementKind.Real, 0, [2], double.NegativeInfinity, double.PositiveInfinity)) { HasTemperature = hasTemperature };
        var request = new SampleRequest(3) { Temperature = temperature };
        Assert.Contains(part, Assert.Throws<GenDslException>(() => request.RequireKnown(sample)).Message, StringComparison.Ordinal);
    }

    private static FlowModel Model(string name, double spread) => new(Compiled.Value.Find("through", name), spread);
}
