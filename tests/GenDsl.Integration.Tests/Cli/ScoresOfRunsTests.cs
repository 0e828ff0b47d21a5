using System;
using System.Globalization;
using System.Text;
using System.Text.Json;
using GenDsl.Integration.Tests.Data;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

/// <summary>What one run draws is data for the evaluation of another: <c>--data fake=RUN@COUNT</c>.</summary>
public sealed class ScoresOfRunsTests
{
    private const string Text = """
        gen 1
        space Image = f32[1, 28, 28] in [-1, 1]
        space Digit = class[10]
        space Latent = f32[8] ~ normal(0, 1)
        net Features(x: Image) -> [6] { x |> flatten |> linear(6) |> relu }
        net Head(x: [d]) -> [10] { x |> linear(10) }
        net Generator(z: Latent) -> Image { z |> linear(784) |> tanh |> reshape(1, 28, 28) }
        trainer Judge(splits = 2)(examples: { image: Image, label: Digit }) {
            F = Features(); H = Head()
            minimize mean(cross_entropy(H(F(image)), label)) over (F, H) with adam(1e-3)
            evaluate test(set: { image: Image, label: Digit }) { report accuracy = accuracy(H(F(image)), label) }
            evaluate scores(examples: { image: Image, label: Digit }, fake: Image) {
                features = F(fake)
                report inception_score = inception_score(H(features), splits: splits)
                report frechet_distance = frechet_distance(F(image), features)
            }
        }
        trainer Player(real: Image) {
            G = Generator()
            minimize mean((G(draw(Latent)) - real)^2) over G with adam(1e-3)
            sample image = G(draw(Latent))
            evaluate test(real: Image) { report power = mean(real^2) }
        }
        """;

    private const string Options = "--batch 50 --seed 1 --threads 1";

    [Fact]
    public void ARunIsScored_ByTheClassifierOfAnother()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("scores.gen", Encoding.UTF8.GetBytes(Text));
        Assert.Equal(0, Gendsl.Run($"train {path} --entry Judge --data segment-digits {Options} --steps 3 --out {folder["judge"]}").Code);
        Assert.Equal(0, Gendsl.Run($"train {path} --entry Player --data segment-digits {Options} --steps 3 --out {folder["player"]}").Code);

        var test = Gendsl.Run($"eval {folder["judge"]}");
        Assert.Equal(0, test.Code);
        Assert.Contains("'scores' is left out: it reads 'fake', which training did not. To run it: --only scores --data fake=NAME.", test.Error, StringComparison.Ordinal);
        Assert.Contains("test.accuracy", test.Out, StringComparison.Ordinal);
        Assert.Contains("'scores' reads 'fake', which training did not", Gendsl.Run($"eval {folder["judge"]} --only scores").Error, StringComparison.Ordinal);

        var itself = Gendsl.Run($"eval {folder["judge"]} --only scores --data fake=segment-digits");
        Assert.True(itself.Code == 0, itself.Error);
        Assert.InRange(Figure(folder, "frechet_distance"), 0, 1e-6);
        Assert.Matches(@"^Judge after 3 steps \(sha256 [0-9a-f]{12}\) on .*fake = segment-digits:test \(2,000 rows\)", itself.Out);
        Assert.Contains("(2 splits)", itself.Out, StringComparison.Ordinal);
        Assert.Contains("(6 features)", itself.Out, StringComparison.Ordinal);

        var scored = Gendsl.Run($"eval {folder["judge"]} --only scores --data fake={folder["player"]}@700");
        Assert.True(scored.Code == 0, scored.Error);
        Assert.Contains("player@700 (700 rows)", scored.Out, StringComparison.Ordinal);
        Assert.True(Figure(folder, "frechet_distance") > 0);
    }

    [Theory]
    [InlineData("@many", "asks for 'many' samples of a run. Behind '@' goes how many")]
    [InlineData("@10:imgae", "has no sample 'imgae'. Did you mean 'image'?")]
    public void WhatARunCannotDraw_IsSaid(string rest, string expected)
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("scores.gen", Encoding.UTF8.GetBytes(Text));
        Assert.Equal(0, Gendsl.Run($"train {path} --entry Player --data segment-digits {Options} --steps 1 --out {folder["player"]}").Code);
        var wrong = Gendsl.Run($"train {path} --entry Player {Options} --steps 1 --data real={folder["player"]}{rest} --out {folder["x"]}");
        Assert.Equal(1, wrong.Code);
        Assert.Contains(expected, wrong.Error, StringComparison.Ordinal);
        Assert.Contains("There is nothing at '", Gendsl.Run($"train {path} --entry Player {Options} --steps 1 --data real={folder["plaier"]}@9 --out {folder["x"]}").Error, StringComparison.Ordinal);

        // Samples are data for training too; nothing is held out of them.
        var student = Gendsl.Run($"train {path} --entry Player {Options} --steps 1 --data real={folder["player"]}@120 --out {folder["student"]}");
        Assert.True(student.Code == 0, student.Error);
        Assert.Contains("which a run draws: there are no test rows of it", Gendsl.Run($"eval {folder["student"]}").Error, StringComparison.Ordinal);
        var evaluated = Gendsl.Run($"eval {folder["student"]} --data segment-digits");
        Assert.True(evaluated.Code == 0, evaluated.Error);
    }

    private static double Figure(ScratchFolder folder, string name)
    {
        using var record = JsonDocument.Parse(System.IO.File.ReadAllText(folder["judge/evaluation.json"]));
        return double.Parse(record.RootElement.GetProperty("values").GetProperty($"scores.{name}").GetRawText(), CultureInfo.InvariantCulture);
    }
}
