using System;
using System.Globalization;
using GenDsl.Runtime;
using Xunit;

namespace GenDsl.Integration.Tests.Training;

/// <summary>What places ask of numbers is asked of options before anything runs, by whatever way they get there.</summary>
public sealed class NumberDemandsTests
{
    private const string Text = """
        space Code = f32[6]
        net Map(p = 0.0)(x: Code) -> [1] { x |> linear(4) |> dropout(p) |> linear(1) }
        net Cooled(t = 1.0)(x: Code) -> [1] where t > 0, t <= 4 { Map()(x) / t }
        trainer T(m = 0.5, p = 0.1, t = 2.0, rate = 1e-3, low = 0.0, high = 1.0, n = 3, part = 0.5, a = 1.0)(x: Code) {
            M = Map(p); C = Cooled(t); A = ema(M, 1 - m)
            drawn = uniform(low, high, per: sample)
            spread = 1 / (n - 1) + (if n > 2 then 1 / (n - 2) else 0)
            minimize spread * mean(drawn * sum(M(x)^2, per: sample)) + log(a) over M with adam(rate)
            minimize mean(C(x)^2) over C with sgd(cosine(0.1, warmup: part))
        }
        trainer Scheduled(rate = 0.1)(x: Code) {
            M = Map()
            minimize mean(M(x)^2) over M with sgd(cosine(rate))
        }
        trainer Averaged(m = 0.5)(x: Code) {
            M = Map(); A = ema(M, if step < 1 then 0.0 else m)
            minimize mean(M(x)^2) over M with sgd(0.1)
        }
        model Density(scale = 1.0)(x: Code) {
            param m: [6] = zeros
            x ~ normal(m, scale)
        }
        """;

    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("number_demands", Text));

    [Theory]
    [InlineData("m", "1.5", "T needs 1 - m to be in [0, 1], as the decay of an average, but m is 1.5.")]
    [InlineData("m", "-0.5", "T needs 1 - m to be in [0, 1], as the decay of an average, but m is -0.5.")]
    [InlineData("p", "1", "T needs p to be in [0, 1), as 'p' of 'dropout', but p is 1.")]
    [InlineData("t", "0", "T needs t to be above 0, as 't' of 'Cooled', but t is 0.")]
    [InlineData("t", "4.5", "T needs t to be 4 or below, as 't' of 'Cooled', but t is 4.5.")]
    [InlineData("rate", "-0.1", "T needs rate to be 0 or above, as 'lr' of 'adam', but rate is -0.1.")]
    [InlineData("low", "1", "T needs high - low to be above 0, as what lies between 'low' and 'high' of 'uniform', but high is 1 and low is 1.")]
    [InlineData("n", "1", "T needs n - 1 to be other than 0, as a divisor, but n is 1.")]
    [InlineData("part", "2", "T needs part to be in [0, 1], as 'warmup' of 'cosine' (a part of the run), but part is 2.")]
    [InlineData("a", "0", "T needs a to be above 0, as what 'log' is taken of, but a is 0.")]
    public void AnOption(string name, string value, string message) =>
        Assert.Equal(message, Assert.Throws<GenDslException>(() => Program.Value.Create("T", (name, value)).Dispose()).Message);

    [Theory]
    [InlineData("m", "0")]
    [InlineData("m", "1")]
    [InlineData("p", "0.99")]
    [InlineData("t", "4")]
    [InlineData("rate", "0")]
    [InlineData("n", "2")]
    [InlineData("part", "0")]
    public void AnOption_AtTheEnd(string name, string value)
    {
        using var trainer = Program.Value.Create("T", ("batch", "8"), (name, value));
        TrainedProgram.Step(trainer, 2, TrainedProgram.Numbers("x", 16, 6));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    public void OfAModel_IsItsTrainersToo(string scale) => Assert.Equal(
        $"Density needs scale to be above 0, as 'std' of 'normal', but scale is {scale}.",
        Assert.Throws<GenDslException>(() => Program.Value.Create("Density", ("scale", scale)).Dispose()).Message);

    [Theory]
    [InlineData("Scheduled", "rate", "-0.1", "the learning rate must be 0 or above, but it is -0.1")]
    [InlineData("Averaged", "m", "1.5", "The decay of an average must lie in [0, 1], but it is 1.5.")]
    public void WhatTheStepDecides_IsSaidThere(string trainer, string name, string value, string message)
    {
        using var program = Program.Value.Create(trainer, ("batch", "8"), (name, value));
        var data = TrainedProgram.Numbers("x", 16, 6);
        Assert.Contains(message, Assert.Throws<GenDslException>(() => TrainedProgram.Step(program, 2, data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoNumber_IsNone()
    {
        var text = double.NaN.ToString(CultureInfo.InvariantCulture);
        Assert.Contains("'m' takes a number, but it is 'NaN'", Assert.Throws<GenDslException>(() => Program.Value.Create("T", ("m", text)).Dispose()).Message, StringComparison.Ordinal);
    }
}
