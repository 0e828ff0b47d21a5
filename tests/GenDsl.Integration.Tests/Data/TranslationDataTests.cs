using System;
using System.Linq;
using GenDsl.Integration.Tests.Entries;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Data;

/// <summary>The procedural sets for translation: what their columns know of each other.</summary>
public sealed class TranslationDataTests
{
    // The colours of square, triangle, ellipse and cross.
    private static readonly double[,] Hues = { { 1, 0, 0 }, { 0.5, 1, 0 }, { 0, 1, 1 }, { 0.5, 0, 1 } };

    private static Tensor Values(Source source, string column) => source.Columns.Single(c => c.Name == column).Values;

    private static Tensor Share(Source source, string column) => Values(source, column).to(ScalarType.Float64) / 255;

    [Fact]
    public void AFilledShape_HasTheColourOfItsClass_WithinItsOutline()
    {
        using var pairs = DataSets.Open("paired-shapes-color", new DataOptions { Rows = 100 });
        using Tensor outline = Share(pairs, "outline"), filled = Share(pairs, "filled");
        using Tensor hues = tensor(Hues)[Values(pairs, "class").to(ScalarType.Int64)].reshape(100, 3, 1, 1);
        using Tensor coverage = filled.amax([1], keepdim: true);

        // Each number is a level of its own.
        Assert.True((filled - (coverage * hues)).abs().le(1.5 / 255).all().item<bool>());
        Assert.True(outline[.., 0].eq(outline[.., 2]).all().item<bool>());
        Assert.True((outline - coverage).le(1.5 / 255).all().item<bool>());
        Assert.InRange(outline[.., 0].sum().item<double>() / coverage.sum().item<double>(), 0.2, 0.9);
    }

    [Fact]
    public void AScene_ShowsWhatItsMapSays()
    {
        using var scenes = DataSets.Open("shape-scenes", new DataOptions { Rows = 200 });
        using Tensor map = Values(scenes, "map").to(ScalarType.Int64), picture = Share(scenes, "picture");
        Assert.Equal(5, scenes.Columns[0].Count);
        Assert.Equal([0L, 1, 2, 3, 4], map.unique().output.data<long>().ToArray());

        // Pixels that no edge crosses: all around is the same.
        using Tensor around = nn.functional.max_pool2d(map.to(ScalarType.Float64).unsqueeze(1), 3, 1, 1).squeeze(1);
        using Tensor beside = -nn.functional.max_pool2d(-map.to(ScalarType.Float64).unsqueeze(1), 3, 1, 1).squeeze(1);
        using Tensor inner = around.eq(beside);
        using Tensor light = picture.amax([1], keepdim: true);
        using Tensor ratio = picture / light.clamp_min(1e-6);
        for (int label = 0; label < 5; label++)
        {
            using Tensor here = inner.logical_and(map.eq(label)).logical_and(light.squeeze(1).gt(0.1));
            using Tensor seen = ratio.permute(0, 2, 3, 1)[here];
            using Tensor wanted = label == 0 ? ones(3, ScalarType.Float64) : tensor(Enumerable.Range(0, 3).Select(c => Hues[label - 1, c]).ToArray());
            Assert.True(seen.size(0) > 100);

            // Where two of a class meet there may be an edge inside.
            Assert.InRange((seen - wanted).abs().lt(0.05).all(1).to(ScalarType.Float64).mean().item<double>(), 0.97, 1);
        }
    }

    [Fact]
    public void AFilm_IsTheFrameBefore_MovedByItsFlow()
    {
        using var films = DataSets.Open("moving-shapes", new DataOptions { Rows = 60 });
        using Tensor filled = Share(films, "filled"), flow = Values(films, "flow").to(ScalarType.Float64);
        for (int i = 1; i < 6; i++)
        {
            using Tensor before = filled.narrow(1, i - 1, 1), now = filled.narrow(1, i, 1), field = flow.narrow(1, 2 * (i - 1), 2);
            using Tensor moved = Views.Warp(before, field, PaddingModes.Zeros);
            using Tensor inside = now.gt(0);

            // Between four sites an edge is a little softer; without the flow it is elsewhere.
            double error = (moved - now).abs()[inside].mean().item<double>(), still = (before - now).abs()[inside].mean().item<double>();
            Assert.InRange(error, 0, 0.06);
            Assert.InRange(error, 0, 0.4 * still);
            using Tensor outside = nn.functional.max_pool2d(now, 3, 1, 1).eq(0);
            Assert.True(field.abs().amax([1], keepdim: true)[outside].eq(0).all().item<bool>());
        }

        // A shape keeps its brightness.
        using Tensor brightest = filled.amax([2, 3]);
        Assert.True((brightest.amax([1]) - brightest.amin([1])).le(0.02).to(ScalarType.Float64).mean().item<double>() > 0.8);
    }

    [Fact]
    public void Halves_HaveNoRowInCommon_AndAreAllRows()
    {
        using var first = DataSets.Open("paired-shapes-color@half=1:test");
        using var second = DataSets.Open("paired-shapes-color@half=2:test");
        using var all = DataSets.Open("paired-shapes-color:test");
        Assert.Equal(all.Rows, first.Rows + second.Rows);
        using Tensor both = cat([Values(first, "filled"), Values(second, "filled")], 0);
        Assert.True(both.equal(Values(all, "filled")).all().item<bool>());
        Assert.Contains("'@half=1' or '@half=2', the first or the second half of the rows, but it is '@half=3'", Assert.Throws<GenDslException>(() => DataSets.Open("moons@half=3")).Message, StringComparison.Ordinal);
    }
}
