using System;
using System.IO;
using System.Text.Json;
using GenDsl.Integration.Tests.Data;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

/// <summary>Models of discrete data on data sets by name: columns found by their spaces, sizes by the data.</summary>
public sealed class DiscreteDataTests
{
    private const string Small = "--steps 4 --batch 20 --seed 1 --set report_every=2";

    [RealDataFact]
    public void ImagesAndLabelsOfMnist_AreOneSource()
    {
        const string text = """
            gen 1
            space Gray4 = level[16][1, 28, 28]
            space Digit = class[10]
            model ByLabel(x: Gray4 | y: Digit) {
                param logits: [16, 28, 28] = zeros
                x ~ categorical(logits + 0 * (y |> embed(16) |> reshape(16, 1, 1)))
            }
            """;
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["label.gen"], text);
        Assert.Equal((0, ""), Train(folder, "label.gen", "mnist"));
        var bits = Evaluate(folder, "bits_per_dim");

        // Nothing learned would be 4 bits; nats of the picture and bits of a pixel are one number.
        Assert.InRange(bits, 3.5, 4);
        Assert.Equal(bits * Math.Log(2) * 784, Evaluate(folder, "negative_log_prob"), 1e-2);
    }

    [RealDataFact]
    public void SpokenDigits_AreMuLawOfAnyLength()
    {
        const string text = """
            gen 1
            space Audio = mulaw[256][T]
            space Digit = class[10]
            model Sound(x: Audio | y: Digit) {
                param logits: [256, T] = zeros
                x ~ categorical(logits + (y |> embed(256) |> reshape(256, 1)))
            }
            """;
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["sound.gen"], text);
        Assert.Equal((0, ""), Train(folder, "sound.gen", "fsdd@64"));
        Assert.Contains("\"T\": \"64\"", File.ReadAllText(folder["run/run.json"]), StringComparison.Ordinal);
        Assert.InRange(Evaluate(folder, "bits_per_dim"), 6, 9);
    }

    [Theory]
    [InlineData("code")]
    [InlineData("class")]
    public void Characters_AreCodesOrClasses_AndTheRightCountIsSaid(string element)
    {
        string Text(int count) => $$"""
            gen 1
            space Words = {{element}}[{{count}}][T]
            model Letters(x: Words) {
                param scores: [{{count}}, 1] = zeros
                z: [2] ~ normal(0, 1)
                x ~ categorical((z |> linear({{count}} * T) |> reshape({{count}}, T)) + scores)
                guide {
                    z ~ normal(0, 1)
                }
            }
            """;
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["right.gen"], Text(28));
        Assert.Equal((0, ""), Train(folder, "right.gen", "phrases"));
        File.WriteAllText(folder["wrong.gen"], Text(30));
        var (code, error) = Train(folder, "wrong.gen", "phrases", "wrong");
        Assert.Equal(1, code);
        Assert.Contains("the data has 28", error, StringComparison.Ordinal);
        Assert.Contains("the space 30. Declare the space with 28.", error, StringComparison.Ordinal);
    }

    private static (int Code, string Error) Train(ScratchFolder folder, string program, string data, string run = "run")
    {
        var outcome = Gendsl.Run($"train {folder[program]} --data {data} {Small} --out {folder[run]}");
        return (outcome.Code, outcome.Error);
    }

    private static double Evaluate(ScratchFolder folder, string figure)
    {
        var outcome = Gendsl.Run($"eval {folder["run"]} --json");
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        using var document = JsonDocument.Parse(outcome.Out);
        return document.RootElement.GetProperty("values").GetProperty(figure).GetDouble();
    }
}
