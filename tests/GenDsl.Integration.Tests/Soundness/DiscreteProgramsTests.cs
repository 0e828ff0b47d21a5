using System.IO;
using System.Linq;
using GenDsl.Dsl;
using GenDsl.Testing;
using Xunit;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>Programs over discrete spaces and free sizes: compiled, run, trained, sampled, evaluated.</summary>
public sealed class DiscreteProgramsTests
{
    [Fact]
    public void TheBaselineOfDiscreteDensities_Runs() => Runs("discrete densities", File.ReadAllText(Repository.PathOf("tests", "baselines", "valid", "discrete_densities.gen")));

    [Theory]
    [InlineData("a free size read from the data", "space A = mulaw[16][T]\nnet N(x: A) -> [3, T] { x |> embed(3) |> flatten |> reshape(3, T) }")]
    [InlineData("facts about the sizes of a space", "space P = u8[3, H, W]\nnet N(x: P) where H % 2 == 0, W % 2 == 0, H >= 4, W >= 4 { x |> rescale(-1, 1) |> conv(8, kernel: 4, stride: 2, pad: 1) |> reshape(8, H / 2, W / 2) }")]
    [InlineData("a model of any size, given a mask of the same", "space P = u8[3, H, W]\nspace Q = bit[1, H, W]\nmodel M(m = 2)(x: P | y: Q) { x ~ discretized_logistic_mixture(y |> rescale(-1, 1) |> conv(discretized_logistic_mixture(m).parameters(3), kernel: 3)) }")]
    [InlineData("a model of any size, which a draw is told", "space A = mulaw[16][T]\nspace P = f32[4]\nmodel M(x: A | y: P) {\n    param start: [1, T] = zeros\n    x ~ categorical((y |> linear(16) |> reshape(16, 1)) + 0 * start)\n}")]
    [InlineData("a size fixed at construction", "space A = code[9][T]\nmodel M(x: A) {\n    param logits: [9, T] = zeros\n    x ~ categorical(logits)\n}")]
    [InlineData("whatever is discrete", "net N(f: int)(x: discrete[n][c, h, w]) -> [n * c, h, w] { x |> embed(2) |> conv(f, kernel: 3) |> relu |> conv(categorical(n).parameters(c), kernel: 1) }\nspace P = level[5][3, H, W]\nspace Q = bit[1, H, W]\nnet Both(x: P, y: Q) -> [15, H, W] { (x |> N(4)) + (y |> N(3) |> conv(15, kernel: 1)) }")]
    [InlineData("a model of whatever is discrete, trained on two spaces", "net N(x: discrete[n][c, h, w]) -> [n * c, h, w] { x |> embed(2) |> conv(n * c, kernel: 1) }\nspace P = level[5][3, H, W]\nspace Q = class[4][1, H, W]\nmodel M(x: discrete[n][c, h, w] | y: discrete[n][c, h, w]) { x ~ categorical(y |> N) }\ntrainer T(a: { x: P, y: P }, b: { u: Q, v: Q }) {\n    A = M()\n    B = M()\n    minimize mean(bits_per_dim(A, x, y)) over A with adam(1e-3)\n    minimize mean(loss(B, u, v)) over B with adam(1e-3)\n    flat = mean((x |> rescale(-1, 1) |> flatten)^2)\n    report flat\n    evaluate test(a: { x: P, y: P }) {\n        report bits = mean(bits_per_dim(A, x, y))\n        report flat = mean((x |> rescale(-1, 1) |> flatten)^2)\n    }\n}")]
    [InlineData("sizes in the rounds of a step", "space P = level[5][3, H, W]\nnet N(x: [3, h, w]) -> [3, h, w] { x |> conv(3, kernel: 1) }\ntrainer T(x: P) {\n    A = N()\n    repeat 2 {\n        y = x |> rescale(-1, 1)\n        minimize mean((A(y) |> flatten)^2) over A with adam(1e-3)\n    }\n}")]
    public void Runs(string why, string program)
    {
        CheckedFile file = ProgramTrial.Check("discrete", program);
        Assert.True(!file.HasErrors, why + ": " + string.Join("\n", file.Diagnostics.Select(d => d.ToString())));
        string? failure = ProgramTrial.Failure(CompiledPrograms.Of([file]), file);
        Assert.True(failure is null, $"{why}: {failure}");
    }
}
