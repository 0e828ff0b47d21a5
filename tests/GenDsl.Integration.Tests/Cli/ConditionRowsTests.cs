using System;
using System.IO;
using System.Text;
using GenDsl.Integration.Tests.Data;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

/// <summary>Samples that are drawn for rows of data: <c>gendsl sample RUN --data moving-shapes</c>.</summary>
public sealed class ConditionRowsTests
{
    private const string Text = """
        gen 1
        space Picture = f32[3, 32, 32] in [-1, 1]
        net Map(x: Picture) -> Picture { x |> conv(3, kernel: 3) |> tanh }
        trainer Translate(pairs: { outline: Picture, filled: Picture }) {
            G = Map()
            minimize l1(G(outline), filled) over G with adam(1e-3)
            sample there(outline: Picture) = G(outline)
            sample alone = G(draw(Noise) as Picture)
        }
        space Noise = f32[3, 32, 32] in [-1, 1] ~ uniform(-1, 1)
        """;

    [Fact]
    public void TheyAreThoseOfTheData_AndLieBesideTheSamples()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("translate.gen", Encoding.UTF8.GetBytes(Text));
        var run = Gendsl.Run($"train {path} --entry Translate --batch 20 --seed 1 --threads 1 --steps 2 --out {folder["run"]}");
        Assert.True(run.Code == 0, run.Error);

        // The set whose columns have these names is taken where several fit.
        Assert.Contains("pairs = paired-shapes-color:train", run.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder["run"], "samples-outline.png")));

        var drawn = Gendsl.Run($"sample {folder["run"]} -n 4 --out {folder["a.png"]}");
        Assert.True(drawn.Code == 0, drawn.Error);
        Assert.Contains("a-outline.png", drawn.Out, StringComparison.Ordinal);
        var other = Gendsl.Run($"sample {folder["run"]} -n 4 --data paired-shapes-color:validation --out {folder["b.png"]}");
        Assert.True(other.Code == 0, other.Error);
        Assert.NotEqual(File.ReadAllBytes(folder["a.png"]), File.ReadAllBytes(folder["b.png"]));

        Assert.Contains("Picture", Gendsl.Run($"sample {folder["run"]} --data segment-digits").Error, StringComparison.Ordinal);
        Assert.Contains("The sample 'alone' is drawn for no rows of data. Leave --data out.", Gendsl.Run($"sample {folder["run"]} --sample alone --data moons").Error, StringComparison.Ordinal);
        Assert.Contains("'outline' is Picture: real[3, 32, 32] in [-1, 1], of which rows must be given", Gendsl.Run($"eval {folder["run"]} --data pairs={folder["run"]}@10").Error + Gendsl.Run($"train {path} --entry Translate --batch 20 --steps 1 --data {folder["run"]}@20 --out {folder["more"]}").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ALabelWhereAPictureIsWanted_IsSaidToBeOne()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("translate.gen", Encoding.UTF8.GetBytes(Text));
        string Error(string data) => Gendsl.Run($"train {path} --entry Translate --batch 20 --steps 1 --data pairs={data} --out {folder["run"]}").Error;
        Assert.Contains("Source 'segment-digits:train', data 'outline': no column has that name and none fits. Wanted: Picture: real[3, 32, 32] in [-1, 1].", Error("segment-digits"), StringComparison.Ordinal);

        // One picture is not a pair with itself.
        Assert.Contains("'outline' and 'filled' would be one and the same column, 'image', the only one that fits Picture: real[3, 32, 32] in [-1, 1].", Error("shapes-color"), StringComparison.Ordinal);
    }
}
