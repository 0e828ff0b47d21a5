using System;
using System.Linq;
using GenDsl.Dsl;
using GenDsl.Integration.Tests.Soundness;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Flows;

/// <summary>Models made of flows are densities: they integrate to 1, their samplers are the way back, and known ones have the known figures.</summary>
public sealed class FlowDensityTests
{
    private const string Text = """
        gen 1
        space One = f32[1]
        space Two = f32[2]
        space Five = f32[5]
        space Gray = u8[1, 2, 2]
        space Image = u8[1, 4, 4]

        model Mixture(x: One) {
            param logits: [4, 1] = zeros
            param means: [4, 1] = zeros
            param log_scales: [4, 1] = zeros
            u = x |> mixture_cdf(logits, means, exp(log_scales))
            u ~ uniform(0, 1)
        }
        model Gaussian(x: One) {
            param logits: [4, 1] = zeros
            param means: [4, 1] = zeros
            param log_scales: [4, 1] = zeros
            z = x |> mixture_cdf(logits, means, exp(log_scales)) |> normal_quantile
            z ~ normal(0, 1)
        }
        flow MafLayer(x: [d]) {
            (m, a) = x |> masked_linear(9) |> tanh |> masked_linear(2 * d, strict: true) |> chunk(2)
            x -= m
            x *= exp(-a)
            x |>= reverse
        }
        flow IafLayer(x: [d]) {
            x |>= reverse
            (m, a) = x |> masked_linear(9) |> tanh |> masked_linear(2 * d, strict: true) |> chunk(2)
            x *= exp(a)
            x += m
        }
        flow Gate(x: [d]) {
            param far: [d] = zeros
            (m, s) = x |> masked_linear(9) |> tanh |> masked_linear(2 * d, strict: true) |> chunk(2)
            g = sigmoid(s + far)
            x *= g
            x += (1 - g) * m
        }
        model Maf(x: Two) {
            z = x
            for i in 0..3 {
                z |>= MafLayer
            }
            z ~ normal(0, 1)
        }
        model MafFive(x: Five) {
            z = x |> MafLayer
            z ~ normal(0, 1)
        }
        flow Couple(x: [2 * d]) {
            (a, b) = halves(x)
            (s, t) = a |> linear(8) |> tanh |> linear(2 * d) |> chunk(2)
            b *= exp(tanh(s))
            b += t
            x |>= reverse
        }
        model Coupling(x: Two) {
            z = x |> Couple |> Couple
            z ~ normal(0, 1)
        }
        model Parts(x: Two) {
            y = x |> Couple
            (a, b) = halves(y)
            b ~ normal(sigmoid(a) |> linear(1), 0.5)
            c = a |> Stretch
            c ~ normal(0, 1)
        }
        flow Stretch(x: [d]) {
            param gain: [d] = zeros
            x *= exp(gain)
        }
        model Flat(x: Gray) {
            y = x |> dequantize
            y ~ uniform(0, 1)
        }
        flow Planes(parity: int >= 0)(x: [c, h, w]) {
            (a, b) = checkerboard(x, parity)
            (s, t) = a |> conv(6, kernel: 3, pad: 1) |> tanh |> conv(2 * c, kernel: 3, pad: 1) |> chunk(2)
            b *= exp(tanh(s))
            b += t
        }
        model Nvp(x: Image) {
            y = x |> dequantize |> logit(0.05)
            for i in 0..3 {
                y |>= Planes(i)
            }
            y |>= squeeze
            (z, y) = halves(y)
            z ~ normal(0, 1)
            for i in 0..2 {
                y |>= Planes(i)
            }
            y ~ normal(0, 1)
        }
        """;

    private static readonly Lazy<CompiledPrograms> Compiled = new(() =>
    {
        CheckedFile file = ProgramTrial.Check("densities", Text);
        Assert.False(file.HasErrors, string.Join("\n", file.Diagnostics));
        CompiledPrograms programs = CompiledPrograms.Of([file]);
        Assert.Empty(programs.Failures.Values);
        return programs;
    });

    [Theory]
    [InlineData("Mixture")]
    [InlineData("Gaussian")]
    public void IntegratesToOneOnALine(string model)
    {
        using var scope = NewDisposeScope();
        using FlowModel mixture = Model(model, 0.7);
        using var frozen = no_grad();
        Tensor x = linspace(-60, 60, 60001, ScalarType.Float64).unsqueeze(1);
        Assert.Equal(1, mixture.LogProb(x).exp().sum().ToDouble() * 120 / 60000, 1e-6);
    }

    [Theory]
    [InlineData("Maf", 0.2)]
    [InlineData("Coupling", 0.5)]
    [InlineData("Parts", 0.3)]
    public void IntegratesToOneInThePlane(string model, double spread)
    {
        using var scope = NewDisposeScope();
        using FlowModel plane = Model(model, spread);
        using var frozen = no_grad();
        const double Half = 14;
        const int Steps = 801;
        Tensor line = linspace(-Half, Half, Steps, ScalarType.Float64);
        Tensor grid = stack([line.unsqueeze(1).expand(Steps, Steps).flatten(), line.unsqueeze(0).expand(Steps, Steps).flatten()], 1);
        double cell = Math.Pow(2 * Half / (Steps - 1), 2);
        Assert.Equal(1, plane.LogProb(grid).exp().sum().ToDouble() * cell, 1e-4);

        // Not the base alone: the flow bends it.
        Tensor plain = (-0.5 * grid.square().sum(1)).exp() / (2 * Math.PI);
        Assert.True((plane.LogProb(grid).exp() - plain).abs().sum().ToDouble() * cell > 0.05);
    }

    [Fact]
    public void UniformDensity_IsEightBitsPerDimension()
    {
        using var scope = NewDisposeScope();
        using FlowModel flat = Model("Flat", 1);
        Tensor x = tensor(new long[] { 0, 255, 17, 128 }).reshape(1, 1, 2, 2).to(ScalarType.Float64);
        Tensor bits = flat.LogProb(x) / (-4 * Math.Log(2));
        Assert.Equal(8, bits.ToDouble(), 1e-12);
        Assert.Equal(4 * 8 * Math.Log(2), flat.Loss(x).ToDouble(), 1e-12);
    }

    [Fact]
    public void LossOfADistributionFunction_IsThatOfTheMixture_AlsoUnderANormalBase()
    {
        using var scope = NewDisposeScope();
        using FlowModel uniform = Model("Mixture", 0.8);
        using FlowModel normal = Model("Gaussian", 0.8);
        using var frozen = no_grad();
        Tensor x = linspace(-6, 6, 41, ScalarType.Float64).unsqueeze(1);
        Tensor s = uniform.State["log_scales"].Tensor.squeeze(1);
        Tensor standard = (x - uniform.State["means"].Tensor.squeeze(1)) * (-s).exp();
        Tensor log = uniform.State["logits"].Tensor.squeeze(1).log_softmax(0) - s - standard - (2 * (1 + (-standard).exp()).log());
        Tensor wanted = -log.logsumexp(1);
        Runtime.TensorAssert.Close(wanted, uniform.Loss(x), 1e-12);
        Runtime.TensorAssert.Close(wanted, normal.Loss(x), 1e-7);
    }

    [Fact]
    public void HeldOutDataThroughATrainedDistributionFunction_IsUniform()
    {
        using var scope = NewDisposeScope();
        using FlowModel model = Model("Mixture", 0.5);
        Tensor Data(string site, long count)
        {
            Tensor noise = FlowTensors.Normal(site, count, 1);
            return where(FlowTensors.Uniform(site + " side", 0, 1, count, 1).lt(0.3), (noise * 0.5) - 2, noise + 1.5);
        }

        // Before training, the statistic is far above what 2,000 uniform numbers give (1.63 / sqrt(n) at 1 %).
        Tensor held = Data("held", 2000);
        Assert.True(Kolmogorov(model, held) > 0.1);
        Tensor train = Data("train", 4000);
        Tensor[] at = [.. model.State.Learned.Select(l => l.Tensor)];
        using var adam = new Adam("adam", model.State.Learned);
        for (int step = 0; step < 400; step++)
        {
            using var inner = NewDisposeScope();
            adam.Step(Gradients.Of(model.Loss(train).mean(), at), 0.03);
        }

        Assert.InRange(Kolmogorov(model, held), 0, 1.63 / Math.Sqrt(2000));
    }

    [Fact]
    public void MafAndIaf_ReadTheirDataAndTheirNoise_AndAreUndone()
    {
        using var scope = NewDisposeScope();
        using var maf = new CompiledFlow(Compiled.Value.Find("densities", "MafLayer"), 5, ("d", 5));
        using var iaf = new CompiledFlow(Compiled.Value.Find("densities", "IafLayer"), 5, ("d", 5));
        Tensor x = FlowTensors.Normal("x", 4, 5);
        (Tensor u, Tensor there) = maf.Forward(x);
        (Tensor drawn, Tensor ofDraw) = iaf.Forward(u);
        Runtime.TensorAssert.Close(u, iaf.Invert(drawn), 1e-10);
        (Tensor inverted, Tensor ofInverse) = maf.Inverse(u);
        Runtime.TensorAssert.Close(x, inverted, 1e-10);
        Runtime.TensorAssert.Close(-there, ofInverse, 1e-10);

        // Shifts and scales are computed from what is read in one pass: from its data by MAF, from its noise by IAF. The way back
        // of each is the other kind of law, with the log-determinant negated.
        Tensor hidden = MaskedLinear(x, maf.State[0].Tensor, maf.State[1].Tensor, maf.State[2].Tensor).tanh();
        Tensor[] ma = MaskedLinear(hidden, maf.State[3].Tensor, maf.State[4].Tensor, maf.State[5].Tensor).chunk(2, 1);
        Runtime.TensorAssert.Close(((x - ma[0]) * (-ma[1]).exp()).flip(1), u, 1e-12);
        Runtime.TensorAssert.Close(-ma[1].sum(1), there, 1e-12);
        Tensor seen = u.flip(1);
        Tensor ownHidden = MaskedLinear(seen, iaf.State[0].Tensor, iaf.State[1].Tensor, iaf.State[2].Tensor).tanh();
        Tensor[] own = MaskedLinear(ownHidden, iaf.State[3].Tensor, iaf.State[4].Tensor, iaf.State[5].Tensor).chunk(2, 1);
        Runtime.TensorAssert.Close((seen * own[1].exp()) + own[0], drawn, 1e-12);
        Runtime.TensorAssert.Close(own[1].sum(1), ofDraw, 1e-12);
        Runtime.TensorAssert.Close(-ofDraw, iaf.Inverse(drawn).LogDet, 1e-10);
    }

    private static Tensor MaskedLinear(Tensor x, Tensor weight, Tensor mask, Tensor bias) => nn.functional.linear(x, weight * mask, bias);

    [Fact]
    public void AnOpenGate_IsTheIdentity()
    {
        using var scope = NewDisposeScope();
        using var gate = new CompiledFlow(Compiled.Value.Find("densities", "Gate"), 5, ("d", 5));
        using var frozen = no_grad();
        Tensor x = FlowTensors.Normal("x", 4, 5);
        Assert.True((gate.Transform(x) - x).abs().max().ToDouble() > 0.05);
        gate.State["far"].Tensor.fill_(60);
        (Tensor y, Tensor logDet) = gate.Forward(x);
        Runtime.TensorAssert.Close(x, y, 1e-12);
        Runtime.TensorAssert.Close(zeros_like(logDet), logDet, 1e-12);
    }

    [Fact]
    public void WhatIsDrawn_ComesFromItsNoise()
    {
        using var scope = NewDisposeScope();
        using FlowModel maf = Model("MafFive", 0.4);
        using var frozen = no_grad();
        Tensor x = maf.Draw(6, seed: 9);
        Tensor noise = Draws.Root(9, CPU, ScalarType.Float64).At("z").Normal(6, 5);
        Runtime.TensorAssert.Close(noise, maf.Apply("MafLayer", "Transform", x), 1e-10);
        using FlowModel mixture = Model("Mixture", 0.7);
        Tensor u = Draws.Root(9, CPU, ScalarType.Float64).At("u").Uniform(0, 1, 50, 1);
        Runtime.TensorAssert.Close(u, Through(mixture, mixture.Draw(50, seed: 9)), 1e-10);
    }

    [Fact]
    public void ImagesOfANormalizingFlow_AreLevels_WithAFiniteBound()
    {
        using var scope = NewDisposeScope();
        using FlowModel nvp = Model("Nvp", 0.3);
        using var frozen = no_grad();
        Tensor x = nvp.Draw(64);
        Assert.Equal([64L, 1, 4, 4], x.shape);
        Assert.True(x.eq(x.floor()).all().ToBoolean());
        Assert.InRange(x.min().ToDouble(), 0, 255);
        Assert.InRange(x.max().ToDouble(), 0, 255);
        Assert.True(x.max().ToDouble() - x.min().ToDouble() > 50, "The images are flat.");
        Tensor bits = nvp.LogProb(x) / (-16 * Math.Log(2));
        Assert.True(bits.isfinite().all().ToBoolean());
        Assert.InRange(bits.mean().ToDouble(), 4, 10);
        Assert.True((nvp.LogProb(x, 1) - nvp.LogProb(x, 2)).abs().max().ToDouble() > 1e-6, "The bound does not look at its noise.");
    }

    // The largest gap between the share of data below a point and what the model says of it.
    private static double Kolmogorov(FlowModel model, Tensor data)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        Tensor u = Through(model, data).flatten().sort().Values;
        long n = u.size(0);
        Tensor below = arange(n, ScalarType.Float64) / n;
        return Math.Max((u - below).max().ToDouble(), (below + (1.0 / n) - u).max().ToDouble());
    }

    private static Tensor Through(FlowModel model, Tensor x)
    {
        using Tensor scales = model.State["log_scales"].Tensor.exp();
        return Bijections.MixtureCdf(x, model.State["logits"].Tensor, model.State["means"].Tensor, scales);
    }

    private static FlowModel Model(string name, double spread) => new(Compiled.Value.Find("densities", name), spread);
}
