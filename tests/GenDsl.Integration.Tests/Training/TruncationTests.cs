using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;

namespace GenDsl.Integration.Tests.Training;

/// <summary><c>draw(Latent, within: t)</c>, numbers of samples, and <c>below</c>.</summary>
public sealed class TruncationTests
{
    private const string Text = """
        space Latent = f32[4] ~ normal(0, 1)
        space Shifted = f32[4] ~ normal(2, 3)
        space Code = f32[4]
        net Map(z: Latent) -> Code { z |> linear(4) }
        trainer T(cut = 0.75)(x: Code) {
            F = Map()
            z = draw(Latent, within: cut)
            minimize mean((F(z) - x)^2) over F with adam(1e-3)
            largest = 1 - mean(z < cut) + mean(z < -cut)
            report largest
            report square = mean(z^2)
            report share = mean(uniform(0, 5 / 0.9, per: sample) < 5)
            centre = mean(x, over: rows)
            report joined = mean(concat(x, centre, x)) - 0.6666666666666667 * mean(x) - 0.3333333333333333 * mean(centre)
            report never = mean(draw(Latent, 3) < -1e9) + mean(x < -1e9)
            sample near(limit: float = 1.5) = draw(Latent, within: limit)
            sample shifted(limit = 2.5, n: int = 3) = draw(Shifted, within: limit * n)
            sample code(gain: float = 1) = F(gain * draw(Latent, within: 2))
        }
        """;

    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("truncation", Text));

    private static torch.Tensor Drawn(ITrainer trainer, string name, int count, params (string, double)[] numbers) =>
        trainer.Sample(name, new SampleRequest(count) { Numbers = numbers.ToDictionary(n => n.Item1, n => n.Item2) }, out _);

    [Fact]
    public void ADrawOfAStep_StaysWithin()
    {
        using ITrainer trainer = Program.Value.Create("T", ("batch", "4000"));
        using Source x = TrainedProgram.Numbers("x", 4000, 4);
        IReport report = TrainedProgram.Step(trainer, 1, x)[0];
        double Of(string name) => report.Values.Single(v => v.Name == name).Value;
        Assert.Equal(0, Of("largest"), 1e-7);
        Assert.Equal(0, Of("never"));
        Assert.Equal(0, Of("joined"), 1e-6);

        // The variance of a standard normal number in [-t, t] is 1 - 2 t phi(t) / (2 Phi(t) - 1); of 16,000 of them.
        Assert.Equal(0.1738, Of("square"), 0.006);
        Assert.Equal(0.9, Of("share"), 0.02);
        TrainedProgram.Step(trainer, 1, x);
        TrainedProgram.NoLeak(() => TrainedProgram.Step(trainer, 2, x));
    }

    [Fact]
    public void NumbersOfASample_AreAskedFor_OrTheirDefaults()
    {
        using ITrainer trainer = Program.Value.Create("T", ("batch", "4"));
        using torch.Tensor standard = Drawn(trainer, "near", 500);
        using torch.Tensor same = Drawn(trainer, "near", 500, ("limit", 1.5));
        using torch.Tensor near = Drawn(trainer, "near", 500, ("limit", 0.25));
        Runtime.TensorAssert.Same(standard, same);
        Assert.InRange(standard.abs().max().item<float>(), 1.3f, 1.5f);
        Assert.InRange(near.abs().max().item<float>(), 0.24f, 0.25f);

        // It is the number that is drawn which stays within, not the noise that it is made of.
        using torch.Tensor shifted = Drawn(trainer, "shifted", 2000);
        Assert.InRange(shifted.max().item<float>(), 7, 7.50001f);
        Assert.InRange(shifted.min().item<float>(), -7.50001f, -4);
        using torch.Tensor less = trainer.Sample("shifted", new SampleRequest(2000) { Numbers = new Dictionary<string, double> { ["limit"] = 0.5 }, Sizes = new Dictionary<string, long> { ["n"] = 2 } }, out _);
        Assert.InRange(less.abs().max().item<float>(), 0.98f, 1.00001f);
        using torch.Tensor one = Drawn(trainer, "code", 3);
        using torch.Tensor none = Drawn(trainer, "code", 3, ("gain", 0));
        Assert.False(one.equal(none).all().item<bool>());
        Runtime.TensorAssert.Same(none[0], none[1]);
        Assert.Equal(["limit"], Program.Value.Descriptor("T").Samples.Single(s => s.Name == "near").Numbers);
        Assert.Contains("no number 'psi'", Assert.Throws<GenDslException>(() => Drawn(trainer, "near", 3, ("psi", 1))).Message);
    }
}
