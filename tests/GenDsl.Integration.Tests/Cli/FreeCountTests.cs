using System;
using System.IO;
using System.Text;
using GenDsl.Integration.Tests.Data;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

/// <summary>How many words or classes there are, the data says: <c>space Noun = class[V]</c>.</summary>
public sealed class FreeCountTests
{
    private const string Text = """
        gen 1
        space Noun = class[V]
        space Number = class[K]
        net Table(dim: int)(w: Noun) -> [dim] { w |> embed(dim) }
        net Head(classes: int)(v: [d]) -> [classes] { v |> linear(classes) }
        trainer Words(rows: { subject: Noun, number: Number }) {
            T = Table(3); H = Head(K)
            minimize mean(cross_entropy(H(T(subject)), number)) over (T, H) with adam(1e-1)
            report told = accuracy(H(T(subject)), number)
            evaluate test(rows: { subject: Noun, number: Number }) { report told = accuracy(H(T(subject)), number) }
        }
        """;

    [Fact]
    public void CountsComeFromTheData_AndOtherDataIsRefused()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("words.gen", Encoding.UTF8.GetBytes(Text));
        Assert.Equal(0, Gendsl.Run($"train {path} --data phrases --batch 20 --seed 1 --threads 1 --steps 60 --out {folder["run"]}").Code);
        var record = File.ReadAllText(Path.Combine(folder["run"], "run.json"));
        Assert.Contains("\"v\": \"8\"", record, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"k\": \"2\"", record, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("told 0.", Gendsl.Run($"eval {folder["run"]}").Out, StringComparison.Ordinal);

        // Other words than those it was built for.
        var other = Gendsl.Run($"eval {folder["run"]} --data mnist");
        Assert.NotEqual(0, other.Code);
        Assert.Contains("Noun: class(8)", other.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", other.Error, StringComparison.Ordinal);
        var said = Gendsl.Run($"train {path} --data phrases --set V=9 --batch 20 --steps 1 --out {folder["other"]}");
        Assert.NotEqual(0, said.Code);
        Assert.Contains("'V' is 8 in 'phrases:train', not 9", said.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["other"]));
    }

    [Fact]
    public void ACountThatOnlyAnEvaluationKnows_IsAskedFor()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("points.gen", Encoding.UTF8.GetBytes("""
            gen 1
            space Noun = class[V]
            space Point = f32[2]
            net Map(x: Point) -> [2] { x |> linear(2) }
            trainer Points(x: Point) {
                F = Map()
                minimize mean(sum(F(x)^2, per: sample)) over F with adam()
                evaluate nouns(subject: Noun) { report ones = mean(sum(one_hot(subject), per: sample)) }
            }
            """));
        var start = $"train {path} --data x=moons --data subject=phrases --batch 8 --threads 1 --steps 1 --out {folder["run"]}";
        var asked = Gendsl.Run(start);
        Assert.NotEqual(0, asked.Code);
        Assert.Contains("Only the evaluation 'nouns' reads data that tell 'V', and training has none of it. Say it: --set V=N.", asked.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run"]));
        Assert.Equal(0, Gendsl.Run($"{start} --set V=8").Code);
        Assert.Contains("ones 1", Gendsl.Run($"eval {folder["run"]} --data subject=phrases").Out, StringComparison.Ordinal);
    }
}
