using System;
using System.IO;
using System.Text;
using System.Text.Json;
using GenDsl.Integration.Tests.Data;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

/// <summary>A run whose program takes a net that another run has trained: <c>--given</c> says which, and the run keeps the hash.</summary>
public sealed class GivenRunTests
{
    private const string Text = """
        gen 1
        space Bits = bit[1, 28, 28]
        net Encoder(x: Bits) -> [4] { x |> rescale(-1, 1) |> flatten |> linear(8) |> tanh |> linear(4) }
        net Prior(z: [4]) -> [4] { z |> linear(4) }
        trainer First(x: Bits) { E = Encoder(); minimize mean((E(x) - 1)^2) over E with adam(1e-3) }
        trainer Second(x: Bits) {
            given C = Encoder(); P = Prior()
            z = C(x)
            minimize mean((P(z) - z)^2) over P with adam(1e-3)
            evaluate test(t: Bits) { report norm = mean(C(t)^2) }
        }
        """;

    private const string Options = "--batch 50 --seed 1 --threads 1";

    [Fact]
    public void ARunIsGiven_AndGoesOn()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("given.gen", Encoding.UTF8.GetBytes(Text));
        var without = Gendsl.Run($"train {path} --entry Second {Options} --steps 2 --out {folder["none"]}");
        Assert.NotEqual(0, without.Code);
        Assert.Contains("'C' arrives trained, and nothing says from which run. Train it first, and give the run: --given C=RUN", without.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["none"]));

        Assert.Equal(0, Gendsl.Run($"train {path} --entry First {Options} --steps 3 --out {folder["first"]}").Code);
        var second = Gendsl.Run($"train {path} --entry Second {Options} --steps 2 --given C={folder["first"]} --out {folder["second"]}");
        Assert.True(second.Code == 0, second.Error);
        using var record = JsonDocument.Parse(File.ReadAllText(folder["second/run.json"]));
        Assert.Matches("first:E@[0-9a-f]{16}$", record.RootElement.GetProperty("options").GetProperty("given.C").GetString()!);

        var more = Gendsl.Run($"train --resume --steps 4 --given C={folder["first"]} --out {folder["second"]}");
        Assert.True(more.Code == 0, more.Error);
        Assert.Contains("done: 4 steps", more.Out, StringComparison.Ordinal);
        var other = Gendsl.Run($"train --resume --steps 5 --given C={folder["second"]} --out {folder["second"]}");
        Assert.Contains("was started with given.C = ", other.Error, StringComparison.Ordinal);
        Assert.Contains("--given takes NET=RUN, but it is 'C'", Gendsl.Run($"train {path} --entry Second --given C --out {folder["x"]}").Error, StringComparison.Ordinal);
        Assert.Equal(0, Gendsl.Run($"eval {folder["second"]}").Code);
    }
}
