using System;
using System.IO;
using GenDsl.Integration.Tests.Data;
using GenDsl.Integration.Tests.Entries;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

/// <summary>Programs that call functions of an assembly named on the command line.</summary>
public sealed class ForeignCodeTests
{
    private const string Text = """
        gen 1
        space Point = f32[2]
        net Half(hidden: int)(x: Point) {
            x |> linear(4 * hidden) |> swish(beta: 2) |> reshape(2, 2 * hidden) |> larger |> flatten |> linear(2)
        }
        trainer Fit(x: Point) {
            F = Half(8)
            error = mean((F(x) - x)^2)
            minimize error over F with adam(1e-2)
            evaluate test(x: Point) { report error = mean((F(x) - x)^2) }
        }
        """;

    private static readonly string s_ops = typeof(OwnOperations).Assembly.Location;

    [Fact]
    public void AProgram_IsTrainedAndEvaluatedWithThem_AndItIsSaid()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["fit.gen"], Text);
        Gendsl.Outcome trained = Gendsl.Run(["train", folder["fit.gen"], "--ops", s_ops, "--data", "moons", "--steps", "20", "--batch", "32", "--seed", "1", "--out", folder["run"]]);
        Assert.Equal((0, ""), (trained.Code, trained.Error));
        Assert.Contains($"Runs the code of '{s_ops}'.", trained.Out, StringComparison.Ordinal);

        // A run does not start code by itself.
        Gendsl.Outcome refused = Gendsl.Run(["eval", folder["run"]]);
        Assert.Equal(1, refused.Code);
        Assert.Contains($"--ops {s_ops}", refused.Error, StringComparison.Ordinal);
        Gendsl.Outcome evaluated = Gendsl.Run(["eval", folder["run"], "--ops", s_ops]);
        Assert.Equal(0, evaluated.Code);
        Assert.Contains("error ", evaluated.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("is not the assembly", evaluated.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ACheck_ReadsAndDoesNotRun()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["fit.gen"], Text);
        Gendsl.Outcome known = Gendsl.Run(["check", folder["fit.gen"], "--ops", s_ops]), unknown = Gendsl.Run(["check", folder["fit.gen"]]);
        Assert.Equal((0, "1 file, 0 errors, 0 warnings\n"), (known.Code, known.Out));
        Assert.Equal(1, unknown.Code);
        Assert.Contains("There is no 'swish' here", unknown.Out, StringComparison.Ordinal);
        File.WriteAllText(folder["odd.gen"], "gen 1\nnet N(x: [3, 5]) { x |> larger }\n");
        Gendsl.Outcome odd = Gendsl.Run(["check", folder["odd.gen"], "--ops", s_ops]);
        Assert.Contains("GEN3", odd.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoAssembly_OrOffersNothing_IsOneError()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["fit.gen"], Text);
        File.WriteAllText(folder["ops.dll"], "no assembly");
        foreach ((string path, string why) in new[] { (folder["ops.dll"], "cannot be read as an assembly"), (folder["none.dll"], "cannot be read as an assembly"), (typeof(GenDsl.Cli.Program).Assembly.Location, "offers nothing") })
        {
            Gendsl.Outcome outcome = Gendsl.Run(["check", folder["fit.gen"], "--ops", path]);
            Assert.Equal(1, outcome.Code);
            Assert.Contains(why, outcome.Error, StringComparison.Ordinal);
        }
    }
}
