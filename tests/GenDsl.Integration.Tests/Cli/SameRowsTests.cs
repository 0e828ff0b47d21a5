using System;
using System.IO;
using System.Linq;
using System.Text;
using GenDsl.Integration.Tests.Data;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

/// <summary>What is fitted to labelled rows is tested on others: where no split is named, both would be the test rows.</summary>
public sealed class SameRowsTests
{
    private const string Text = """
        gen 1
        space Noun = class[8]
        space Number = class[2]
        net Table(w: Noun) -> [3] { w |> embed(3) }
        net Head(v: [d]) -> [2] { v |> linear(2) }
        trainer Words(rows: { subject: Noun, number: Number }) {
            T = Table(); H = Head()
            minimize mean(cross_entropy(H(T(subject)), number)) over (T, H) with adam(1e-2)
            evaluate probe(fit: { a: Noun, la: Number }, test: { b: Noun, lb: Number }) {
                report linear = linear_probe(T(a), la, T(b), lb)
            }
        }
        """;

    [Fact]
    public void SplitsAreAskedFor_WhereBothWouldBeTheTestRows()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("words.gen", Encoding.UTF8.GetBytes(Text));
        Assert.Equal(0, Gendsl.Run($"train {path} --data phrases --batch 20 --seed 1 --threads 1 --steps 2 --out {folder["run"]}").Code);
        string Said(string fit, string test) => Gendsl.Run($"eval {folder["run"]} --data fit={fit} --data test={test}") is var outcome ? outcome.Error + outcome.Out : "";
        Assert.Contains("'fit' and 'test' of the evaluation 'probe' would read the same rows, phrases:test. Name the split of each: --data fit=phrases:train.", Said("phrases", "phrases:test"), StringComparison.Ordinal);
        Assert.DoesNotContain("the same rows", Said("phrases:test", "phrases:test"), StringComparison.Ordinal);
        Assert.DoesNotContain("the same rows", Said("phrases:train", "phrases"), StringComparison.Ordinal);
    }

    [Fact]
    public void AnEvaluationWithDataOfItsOwn_RunsAtEveryEpoch_AndNeverOnTestRows()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("words.gen", Encoding.UTF8.GetBytes(Text));
        var start = $"train {path} --data rows=phrases --batch 20 --seed 1 --threads 1 --epochs 2 --out {folder["run"]}";
        string Refused(string data) => Gendsl.Run($"{start} {data}") is var outcome && outcome.Code != 0 ? outcome.Error : "";
        Assert.Contains("would read the test rows while training", Refused("--data fit=phrases:train --data test=phrases:test"), StringComparison.Ordinal);
        Assert.Contains("The evaluation 'probe' reads 'test' too", Refused("--data fit=phrases:train"), StringComparison.Ordinal);
        Assert.Contains("would read the same rows, phrases:validation", Refused("--data fit=phrases --data test=phrases"), StringComparison.Ordinal);
        Assert.Contains("Source 'shapes:train', data 'a'", Refused("--data fit=shapes:train --data test=phrases"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run"]));

        Assert.Equal(0, Gendsl.Run($"{start} --data fit=phrases:train --data test=phrases").Code);
        Assert.Equal(2, Probes());
        var resume = $"train --resume --out {folder["run"]} --epochs 3";
        Assert.Contains("was started with --data test = phrases:validation", Gendsl.Run($"{resume} --data test=phrases:train").Error, StringComparison.Ordinal);
        Assert.Equal(0, Gendsl.Run($"{resume} --data test=phrases").Code);
        Assert.Equal(3, Probes());

        int Probes() => File.ReadLines(Path.Combine(folder["run"], "metrics.jsonl")).Count(line => line.Contains("probe.linear", StringComparison.Ordinal));
    }
}
