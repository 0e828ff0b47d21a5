using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using GenDsl.Integration.Tests.Data;
using GenDsl.Runtime.Media;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

/// <summary>Whole runs of the shipped autoencoder, small.</summary>
public sealed class TrainTests
{
    [Fact]
    public void ARunTellsEverything()
    {
        using var folder = new ScratchFolder();
        var run = folder["run"];
        var trained = Gendsl.Run($"train vae {Gendsl.Small} --steps 30 --out {run}");
        Assert.Equal((0, ""), (trained.Code, trained.Error));
        Assert.Contains("No --data for 'x': 'shapes' is taken", trained.Out, StringComparison.Ordinal);
        Assert.Contains("done: 30 steps", trained.Out, StringComparison.Ordinal);
        Assert.Equal([5L, 10, 15, 20, 25, 30], MetricsLog.Read(Path.Combine(run, "metrics.jsonl")).Select(line => line.Step));
        Assert.Equal([0x89, (byte)'P'], File.ReadAllBytes(Path.Combine(run, "samples.png"))[..2]);
        Assert.True(File.Exists(Path.Combine(run, "samples-000010.png")));
        Assert.Single(Directory.GetFiles(Path.Combine(run, "tensorboard"), "events.out.tfevents.*"));
        Assert.Contains("validation.negative_elbo", File.ReadAllText(Path.Combine(run, "report.md")), StringComparison.Ordinal);

        Assert.Contains("has no evaluation", Gendsl.Run($"result {run}").Error, StringComparison.Ordinal);
        var evaluated = Gendsl.Run($"eval {run}");
        Assert.Equal(0, evaluated.Code);
        Assert.Matches(@"^Vae after 30 steps \(sha256 [0-9a-f]{12}\) on x = shapes:test \(2,000 rows\)\n  negative_elbo ", evaluated.Out);
        Assert.Matches(@"^\| Vae \| shapes:test \| `gendsl train vae .+` \(.+\) \| negative_elbo \| \d+(\.\d+)? \|", Gendsl.Run($"result {run}").Out);

        var sampled = Gendsl.Run($"sample {run} -n 3 --out {folder["three.png"]}");
        Assert.Equal((0, folder["three.png"] + "\n"), (sampled.Code, sampled.Out));
        Assert.True(File.Exists(folder["three.png"]));
        Assert.Contains("has no sample 'y'", Gendsl.Run($"sample {run} --sample y").Error, StringComparison.Ordinal);

        var again = Gendsl.Run($"train vae --out {run}");
        Assert.Equal(1, again.Code);
        Assert.Contains("holds another run. Add --resume", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void JsonIsOneObjectPerReportAndNothingElse()
    {
        using var folder = new ScratchFolder();
        var outcome = Gendsl.Run($"train vae {Gendsl.Small} --steps 12 --json --out {folder["run"]}");
        var steps = outcome.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("step").GetInt64());
        Assert.Equal([5L, 10, 12], steps);
        Assert.Contains("done: 12 steps", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void OneOfSeveralTrainersOfAFile()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("two.gen", Encoding.UTF8.GetBytes(ProgramTexts.Two));
        var outcome = Gendsl.Run($"train {path} --entry Two --steps 2 --out {folder["run"]}");
        Assert.Equal(0, outcome.Code);
        Assert.StartsWith("# Two", File.ReadAllText(folder["run/report.md"]), StringComparison.Ordinal);
        Assert.Equal(ProgramTexts.Two, File.ReadAllText(folder["run/two.gen"]));
    }

    [Fact]
    public void NumbersDoNotDependOnTheCulture()
    {
        using var folder = new ScratchFolder();
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            var outcome = Gendsl.Run($"train vae {Gendsl.Small} --epochs 0.1 --json --out {folder["run"]}");
            Assert.Equal(0, outcome.Code);
            Assert.Equal([5L, 10, 15, 20, 24], MetricsLog.Read(folder["run/metrics.jsonl"]).Select(line => line.Step));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
