using System;
using System.IO;
using System.Text;
using GenDsl.Integration.Tests.Data;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

/// <summary>Numbers that a sample takes: <c>gendsl sample RUN --set psi=0.5</c>.</summary>
public sealed class SampleNumbersTests
{
    private const string Text = """
        gen 1
        space Image = f32[1, 28, 28] in [-1, 1]
        space Latent = f32[4] ~ normal(0, 1)
        net Generator(z: Latent) -> Image { z |> linear(784) |> tanh |> reshape(1, 28, 28) }
        trainer Maker(real: Image) {
            G = Generator()
            minimize mean((G(draw(Latent)) - real)^2) over G with adam(1e-3)
            sample image(psi: float = 1.0) = G(psi * draw(Latent))
        }
        """;

    [Fact]
    public void ANumberIsGiven_OrIsItsDefault_OrIsUnknown()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("maker.gen", Encoding.UTF8.GetBytes(Text));
        Assert.Equal(0, Gendsl.Run($"train {path} --data shapes --batch 20 --seed 1 --threads 1 --steps 2 --out {folder["run"]}").Code);
        byte[] Drawn(string more)
        {
            var outcome = Gendsl.Run($"sample {folder["run"]} -n 4 --out {folder["a.png"]}{more}");
            Assert.True(outcome.Code == 0, outcome.Error);
            return File.ReadAllBytes(folder["a.png"]);
        }

        var plain = Drawn("");
        Assert.Equal(plain, Drawn(" --set psi=1"));
        Assert.NotEqual(plain, Drawn(" --set psi=0.25"));
        Assert.Contains("The sample 'image' has no number 'psy'. Did you mean 'psi'? It has: psi.", Gendsl.Run($"sample {folder["run"]} --set psy=1").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ANumberMovesFromLeftToRight_AndTheNoiseStays()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("maker.gen", Encoding.UTF8.GetBytes(Text));
        Assert.Equal(0, Gendsl.Run($"train {path} --data shapes --batch 20 --seed 1 --threads 1 --steps 2 --out {folder["run"]}").Code);
        SkiaSharp.SKBitmap Drawn(string name, string more)
        {
            var outcome = Gendsl.Run($"sample {folder["run"]} --out {folder[name]}{more}");
            Assert.True(outcome.Code == 0, outcome.Error);
            return SkiaSharp.SKBitmap.Decode(folder[name]);
        }

        using var grid = Drawn("grid.png", " -n 3 --set psi=0..1.75");
        using var one = Drawn("one.png", " -n 1 --set psi=1.75");
        using var three = Drawn("three.png", " -n 3 --set psi=1.75");
        int cell = one.Width - 2;
        Assert.Equal((8 * cell) + 2, grid.Width);
        Assert.Equal((3 * cell) + 2, grid.Height);

        // The first column is the same image in each row, at psi = 0; the last one is what psi = 1.75 draws.
        bool Same(SkiaSharp.SKBitmap a, int x, int y, SkiaSharp.SKBitmap b, int u, int v)
        {
            for (int i = 2; i < cell; i++)
            {
                for (int j = 2; j < cell; j++)
                {
                    if (a.GetPixel((x * cell) + i, (y * cell) + j) != b.GetPixel((u * cell) + i, (v * cell) + j))
                    {
                        return false;
                    }
                }
            }

            return true;
        }

        Assert.True(Same(grid, 0, 0, grid, 0, 2));
        Assert.False(Same(grid, 0, 0, grid, 7, 0));
        Assert.True(Same(grid, 7, 1, three, 1, 0));
        Assert.True(Same(grid, 7, 2, three, 0, 1));
        Assert.Contains("moves one number at a time", Gendsl.Run($"sample {folder["run"]} --set psi=0..1 --set other=0..1").Error, StringComparison.Ordinal);
        Assert.Contains("takes a name and a number", Gendsl.Run($"sample {folder["run"]} --set psi=0..x").Error, StringComparison.Ordinal);
        Assert.Contains("has no number 'other'", Gendsl.Run($"sample {folder["run"]} --set other=0..1").Error, StringComparison.Ordinal);
    }
}
