using System;
using System.Linq;
using System.Text;
using GenDsl.Integration.Tests.Data;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

/// <summary>What stands near what in a learned embedding: <c>gendsl nearest RUN --words king</c>.</summary>
public sealed class NearestTests
{
    private const string Text = """
        gen 1
        space Noun = class[8]
        space Number = class[2]
        net Table(w: Noun) -> [3] { w |> embed(3) }
        net Head(v: [d]) -> [2] { v |> linear(2) }
        trainer Words(rows: { subject: Noun, number: Number }) {
            H = Head(); T = Table()
            minimize mean(cross_entropy(H(T(subject)), number)) over (T, H) with adam(1e-2)
        }
        """;

    [Fact]
    public void WordsAndTheirSums_HaveNeighbours_AndUnknownOnesAreSaid()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("words.gen", Encoding.UTF8.GetBytes(Text));
        Assert.Equal(0, Gendsl.Run($"train {path} --data phrases --batch 20 --seed 1 --threads 1 --steps 20 --out {folder["run"]}").Code);
        var outcome = Gendsl.Run($"nearest {folder["run"]} --words king,dog-cat+Bird -n 3");
        Assert.True(outcome.Code == 0, outcome.Error);
        string[] lines = outcome.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("T.embed1.weight, by cosine", lines[0].TrimEnd());
        Assert.StartsWith("  king: ", lines[1], StringComparison.Ordinal);
        Assert.Equal(3, lines[1].Split(", ").Length);
        Assert.DoesNotContain("king", lines[1][8..], StringComparison.Ordinal);
        Assert.All(new[] { "dog ", "cat ", "bird " }, asked => Assert.DoesNotContain(asked, lines[2][16..], StringComparison.Ordinal));
        double[] cosines = [.. lines[1][8..].Split(", ").Select(near => double.Parse(near.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(cosines.OrderDescending(), cosines);

        Assert.Contains("'kink' is none of the 8 words. Did you mean 'king'?", Gendsl.Run($"nearest {folder["run"]} --words kink").Error, StringComparison.Ordinal);
        Assert.Contains("There is no net 'Q'. There are: H, T.", Gendsl.Run($"nearest {folder["run"]} --words king --net Q").Error, StringComparison.Ordinal);
        Assert.Contains("'H' has no embedding with a row for each of 28 or 8 or 2 words", Gendsl.Run($"nearest {folder["run"]} --words king --net H").Error, StringComparison.Ordinal);
    }
}
