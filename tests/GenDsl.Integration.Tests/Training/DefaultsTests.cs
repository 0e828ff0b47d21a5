using System;
using System.Linq;
using GenDsl.Runtime;
using Xunit;

namespace GenDsl.Integration.Tests.Training;

/// <summary>A default that reads other hyperparameters follows what they are, in nets, in options and on the command line.</summary>
public sealed class DefaultsTests
{
    private const string Text = """
        space Code = f32[6]
        space Photo = f32[1, H, W]
        net Map(a = 2, b = 2 * a, c = 0.5 * b, e: float, f = c + e)(x: Code) -> [b] { f * (x |> linear(a) |> linear(b)) }
        trainer T(a = 3, b = a + 1, rate = 0.1 / b)(x: Code) {
            M = Map(a, e: 1.0); N = Map(b: b, e: rate)
            minimize mean(M(x)^2) + mean(N(x)^2) over (M, N) with sgd(rate)
        }
        trainer OfOtherData(x: Photo, z: Code) {
            M = Map(e: 1.0)
            report wide = mean(M(z)^2) * 0 + W
            minimize mean(M(z)^2) / W over M with sgd(0.1 / H)
        }
        """;

    private static readonly Lazy<TrainedProgram> Program = new(() => new TrainedProgram("defaults", Text));

    [Theory]
    [InlineData("", 6, 4, 4, 0.1 / 4)]
    [InlineData("a=5", 10, 6, 6, 0.1 / 6)]
    [InlineData("a=5 b=2", 10, 2, 2, 0.1 / 2)]
    [InlineData("b=7 rate=0.5", 6, 7, 7, 0.5)]
    public void FollowWhatOthersAre(string options, int firstOut, int secondOut, int b, double rate)
    {
        (string, string)[] given = [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(o => (o.Split('=')[0], o.Split('=')[1]))];
        using var trainer = Program.Value.Create("T", [("batch", "8"), .. given]);
        TrainedProgram.Step(trainer, 2, TrainedProgram.Numbers("x", 16, 6));
        Assert.Equal(firstOut, TrainedProgram.Weights(trainer, "M")["linear2.weight"].size(0));
        Assert.Equal(secondOut, TrainedProgram.Weights(trainer, "N")["linear2.weight"].size(0));
        var bag = trainer.Options.ToBag();
        Assert.Equal(b, bag.Int("b", 0));
        Assert.Equal(rate, bag.Float("rate", 0), 1e-12);
    }

    [Fact]
    public void AreShownAsWritten() => Assert.Equal(
        ["3", "a + 1", "0.1 / b"], Program.Value.Descriptor("T").Hyperparameters.Select(h => h.Default));

    [Fact]
    public void ASizeOfDataThatNothingElseReads_IsKnown()
    {
        using var trainer = Program.Value.Create("OfOtherData", ("batch", "8"));
        var report = TrainedProgram.Step(trainer, 1, TrainedProgram.Numbers("x", 16, 1, 3, 5), TrainedProgram.Numbers("z", 16, 6))[0];
        Assert.Equal(5, report.Values.Single(v => v.Name == "wide").Value, 1e-6);
    }
}
