using System;
using System.IO;
using System.Linq;
using System.Text;
using GenDsl.Integration.Tests.Data;
using GenDsl.Runtime.Media;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

/// <summary>The command with a plan of phases: it takes the length from them, and goes on inside them.</summary>
public sealed class PhaseRunTests
{
    private const string Text = """
        gen 1
        space Bits = bit[1, 28, 28]
        space Latent = f32[4] ~ normal(0, 1)
        net Encoder(x: Bits) -> [4] { x |> rescale(-1, 1) |> flatten |> linear(8) |> tanh |> linear(4) }
        net Decoder(z: [4]) { z |> linear(8) |> tanh |> linear(28 * 28) |> reshape(1, 28, 28) }
        net Prior(z: [4]) -> [4] { z |> linear(4) }
        loss error(a: S, b: S) { mean((a - b)^2) }
        trainer Stages(steps_prior = 12)(x: Bits) {
            E = Encoder(); D = Decoder(); P = Prior()
            phase codes for 10 steps {
                minimize error(D(E(x)), x |> rescale(-1, 1)) over (E, D) with adam(1e-3)
            }
            phase prior for steps_prior steps { z = stop(E(x)); minimize error(P(z), z) over P with adam(1e-3) }
            evaluate test(t: Bits) { report E_D = mean((D(E(t)) - (t |> rescale(-1, 1)))^2) }
        }
        trainer Open(x: Bits) {
            E = Encoder()
            phase codes for 10 steps { minimize mean(E(x)^2) over E with adam(1e-3) }
            phase more { minimize mean(E(x)^2) over E with sgd(1e-3) }
        }
        """;

    private const string Options = "--batch 50 --set report_every=5 --set checkpoint_every=4 --seed 1 --threads 1";

    [Fact]
    public void TheLengthComesFromThePhases_AndARunGoesOnInsideThem()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("stages.gen", Encoding.UTF8.GetBytes(Text));
        var whole = Gendsl.Run($"train {path} --entry Stages {Options} --out {folder["whole"]}");
        Assert.True(whole.Code == 0, whole.Error);
        Assert.Contains("phases: codes 10 steps, prior 12 steps", whole.Out, StringComparison.Ordinal);
        Assert.Contains("prior  step 22", whole.Out, StringComparison.Ordinal);
        Assert.Contains("done: 22 steps", whole.Out, StringComparison.Ordinal);
        var lines = MetricsLog.Read(folder["whole/metrics.jsonl"]);
        Assert.Equal([("codes", 5L), ("codes", 10L), ("prior", 15L), ("prior", 20L), ("prior", 22L)], lines.Select(line => (line.Phase, line.Step)));
        Assert.All(lines, line => Assert.Equal(line.Phase == "codes" ? "E_D" : "P", line.Values[0].Name));

        var cut = Gendsl.Run($"train {path} --entry Stages {Options} --steps 7 --out {folder["cut"]}");
        Assert.True(cut.Code == 0, cut.Error);
        Assert.Contains("done: 7 steps", cut.Out, StringComparison.Ordinal);
        var more = Gendsl.Run($"train --resume --steps 14 --out {folder["cut"]}");
        Assert.True(more.Code == 0, more.Error);
        var rest = Gendsl.Run($"train --resume --steps 1000 --out {folder["cut"]}");
        Assert.Contains("done: 22 steps", rest.Out, StringComparison.Ordinal);
        Assert.Equal(lines[^1].Values, MetricsLog.Read(folder["cut/metrics.jsonl"])[^1].Values);
    }

    [Fact]
    public void ALastPhaseWithoutLength_AsksForOne()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("open.gen", Encoding.UTF8.GetBytes(Text));
        var outcome = Gendsl.Run($"train {path} --entry Open {Options} --out {folder["run"]}");
        Assert.NotEqual(0, outcome.Code);
        Assert.Contains("The phase 'more' of Open says no length. Give the whole run one, --steps or --epochs, or the phase: 'phase more for 30 epochs'.", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run"]));
        Assert.Equal(0, Gendsl.Run($"train {path} --entry Open {Options} --steps 13 --out {folder["run"]}").Code);
        Assert.Equal([("codes", 5L), ("codes", 10L), ("more", 13L)], MetricsLog.Read(folder["run/metrics.jsonl"]).Select(line => (line.Phase, line.Step)));
    }
}
