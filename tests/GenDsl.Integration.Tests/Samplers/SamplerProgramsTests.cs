using GenDsl.Dsl;
using GenDsl.Integration.Tests.Soundness;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Samplers;

/// <summary>Small programs at the corners of what may be drawn position by position: their samplers run, and draw what the whole net draws.</summary>
public sealed class SamplerProgramsTests
{
    [Theory]
    [InlineData("a number as a parameter", "space S = f32[1, 9]\nmodel M(x: S) { x ~ normal(x |> delay(1) |> conv(1, kernel: 2, pad: causal) |> tanh, 0.5) }")]
    [InlineData("a line without channels", "space S = bit[9]\nmodel M(x: S) { param w: [1] = ones\n x ~ bernoulli(logits: w * (x |> rescale(-1, 1) |> delay(1))) }")]
    [InlineData("reals in a line without channels", "space S = f32[9]\nmodel M(x: S) { param w: [1] = ones\n x ~ normal(w * (x |> delay(2)), 1) }")]
    [InlineData("an image read in two orders", "space S = bit[1, 4, 5]\nmodel M(x: S) { t = x |> raster\n above = x |> rescale(-1, 1) |> rows_above |> conv(3, kernel: (2, 3), pad: down) |> raster\n t ~ bernoulli(logits: above |> relu |> conv(1, kernel: 1)) }")]
    [InlineData("channels one by one", "space S = level[4][2, 3, 4]\nmodel M(x: S) { h = x |> rescale(-1, 1) |> masked_conv(4, kernel: 3, mask: A, groups: 2) |> relu\n x ~ categorical(logits: h |> masked_conv(8, kernel: 1, mask: B, groups: 2)) }")]
    [InlineData("channels at once", "space S = bit[3, 4, 4]\nmodel M(x: S) { x ~ bernoulli(logits: x |> rescale(-1, 1) |> columns_left |> conv(3, kernel: (1, 2), pad: down_right)) }")]
    [InlineData("whole rows", "space S = bit[1, 4, 5]\nmodel M(x: S) { x ~ bernoulli(logits: x |> rescale(-1, 1) |> rows_above |> conv(1, kernel: (1, 3))) }")]
    [InlineData("a reversed order", "space S = bit[1, 2, 4]\nmodel M(x: S) { t = x |> flatten |> reverse\n t ~ bernoulli(logits: t |> rescale(-1, 1) |> masked_linear(8, strict: true)) }")]
    [InlineData("strict layers before the last", "space S = bit[7]\nmodel M(x: S) { x ~ bernoulli(logits: x |> rescale(-1, 1) |> masked_linear(20, strict: true) |> relu |> masked_linear(18, strict: true) |> relu |> masked_linear(15) |> relu |> masked_linear(7, strict: true)) }")]
    [InlineData("codes under an embedding", "space S = code[5][1, 3, 4]\nmodel M(x: S) { x ~ categorical(logits: x |> embed(3) |> columns_left |> conv(5, kernel: (1, 2), pad: down_right)) }")]
    [InlineData("a loop that may run no round", "space S = bit[1, 9]\nmodel M(depth: int >= 0 = 0)(x: S) { h = x |> rescale(-1, 1) |> delay(1)\n for i in 0..depth { h = h |> conv(1, kernel: 2, pad: causal) }\n x ~ bernoulli(logits: h |> conv(1, kernel: 1)) }")]
    public void DrawsWhatTheWholeNetDraws(string why, string program)
    {
        CheckedFile file = ProgramTrial.Check("program", "gen 1\n" + program);
        Assert.False(file.HasErrors, $"{why}: {string.Join("\n", file.Diagnostics)}");
        CompiledPrograms compiled = CompiledPrograms.Of([file]);
        Assert.Empty(compiled.Failures);
        using var scope = NewDisposeScope();
        using SampledModel sampled = new(compiled.Find("program", "M"), ScalarType.Float64);
        Tensor naive = sampled.Draw(3, new SamplingOptions { Method = SamplingMethod.Naive });
        Tensor derived = sampled.Draw(3, new SamplingOptions { Executor = SamplerExecutor.Tensors });
        Assert.Equal(naive.shape, derived.shape);
        Assert.True(naive.to(ScalarType.Float64).allclose(derived.to(ScalarType.Float64), 1e-10, 1e-10), why);
    }

    [Fact]
    public void Comparisons_AreComputedSiteBySite_ByTensorsAndByVectorCode()
    {
        CheckedFile file = ProgramTrial.Check("comparisons", """
            gen 1
            space S = bit[1, 6, 7]
            model M(x: S) {
                h = x |> rescale(-1, 1) |> columns_left |> conv(4, kernel: (2, 3), pad: down_right)
                (a, b) = h |> chunk(2)
                c = h |> conv(1, kernel: 1)
                m = (a < b) + 2 * (a <= b) + 3 * (a > b) + 4 * (a >= b) + 5 * (c < a) + 6 * (a <= c)
                n = (a < 0.2) + 2 * (a <= 0.1) + 3 * (b > 0) + 4 * (b >= -0.1) + 5 * (0.3 < b)
                x ~ bernoulli(logits: m - n |> conv(1, kernel: 1))
            }
            """);

        // A note would say that the whole net is run at every position.
        Assert.Empty(file.Diagnostics);
        CompiledPrograms compiled = CompiledPrograms.Of([file]);
        Assert.Empty(compiled.Failures);
        using var scope = NewDisposeScope();
        using SampledModel wide = new(compiled.Find("comparisons", "M"), ScalarType.Float64);
        Tensor naive = wide.Draw(3, new SamplingOptions { Method = SamplingMethod.Naive });
        Assert.True(naive.equal(wide.Draw(3, new SamplingOptions { Executor = SamplerExecutor.Tensors })).all().item<bool>());
        using SampledModel single = new(compiled.Find("comparisons", "M"), ScalarType.Float32);
        Tensor tensors = single.Draw(3, new SamplingOptions { Executor = SamplerExecutor.Tensors });
        Assert.True(tensors.equal(single.Draw(3, new SamplingOptions { Executor = SamplerExecutor.Spans })).all().item<bool>());
        Assert.False(tensors[0].equal(tensors[1]).all().item<bool>());
    }
}
