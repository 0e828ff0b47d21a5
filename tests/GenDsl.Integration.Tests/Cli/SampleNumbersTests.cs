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
}
