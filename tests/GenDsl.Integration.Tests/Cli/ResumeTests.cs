using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;
using GenDsl.Integration.Tests.Data;
using Xunit;

namespace GenDsl.Integration.Tests.Cli;

/// <summary>A run that was stopped or killed and resumed ends as the one that was not.</summary>
public sealed class ResumeTests
{
    private const string Run = $"train vae {Gendsl.Small} --steps 60 --threads 1";

    [Fact]
    public void Stopped()
    {
        using var folder = new ScratchFolder();
        Assert.Equal(0, Gendsl.Run($"{Run} --out {folder["whole"]}").Code);

        using var stop = new CancellationTokenSource();
        var stopped = Gendsl.Run($"{Run} --json --out {folder["stopped"]}".Split(' '), new StoppingWriter(stop), stop.Token);
        Assert.Equal(130, stopped.Code);
        Assert.Contains($"To go on: gendsl train --resume --out {folder["stopped"]}", stopped.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["stopped/report.md"]));

        Assert.Equal(0, Gendsl.Run($"{Run} --resume --out {folder["stopped"]}").Code);
        RequireEqual(folder["whole"], folder["stopped"]);
    }

    [Fact]
    public void Killed()
    {
        using var folder = new ScratchFolder();
        Assert.Equal(0, Gendsl.Run($"{Run} --out {folder["whole"]}").Code);
        using (var process = Start($"{Run} --out {folder["killed"]}"))
        {
            // A kill between a checkpoint and the line of its step loses that line (known); between two checkpoints nothing is lost.
            var metrics = folder["killed/metrics.jsonl"];
            Assert.True(SpinWait.SpinUntil(() => HasStep(metrics, 25) || process.HasExited, TimeSpan.FromMinutes(1)));
            process.Kill();
            process.WaitForExit();
        }

        Assert.False(File.Exists(folder["killed/report.md"]), "The process was too fast to be killed.");
        Assert.Equal(0, Gendsl.Run($"train --resume --out {folder["killed"]}").Code);
        RequireEqual(folder["whole"], folder["killed"]);
    }

    private static bool HasStep(string path, int step)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Contains($"\"step\":{step},", StringComparison.Ordinal);
    }

    [Fact]
    public void BeforeTheFirstCheckpoint()
    {
        using var folder = new ScratchFolder();
        Assert.Equal(0, Gendsl.Run($"{Run} --out {folder["whole"]}").Code);
        Assert.Equal(0, Gendsl.Run($"{Run} --out {folder["early"]}").Code);
        Directory.Delete(folder["early/checkpoints"], recursive: true);
        var outcome = Gendsl.Run($"train --resume --out {folder["early"]}");
        Assert.Contains("starts again from its seed", outcome.Out, StringComparison.Ordinal);
        RequireEqual(folder["whole"], folder["early"]);
    }

    [Fact]
    public void LongerAndOtherwise()
    {
        using var folder = new ScratchFolder();
        var run = folder["run"];
        Assert.Equal(0, Gendsl.Run($"{Run} --out {run}").Code);
        Assert.Contains("started with seed = 1, and --resume is given 2", Gendsl.Run($"train --resume --seed 2 --out {run}").Error, StringComparison.Ordinal);
        Assert.Contains("started with --data x = shapes, and --resume is given mnist", Gendsl.Run($"train --resume --data mnist --out {run}").Error, StringComparison.Ordinal);
        Assert.Contains("done: 70 steps", Gendsl.Run($"train vae --resume --steps 70 --out {run}").Out, StringComparison.Ordinal);
        Assert.Equal(0, Gendsl.Run($"train vae {Gendsl.Small} --steps 70 --threads 1 --out {folder["whole"]}").Code);

        // The figures differ in one validation, where the shorter run ended.
        Assert.Equal(Weights(folder["whole"]), Weights(run));
    }

    [Fact]
    public void TruncatedCheckpoint()
    {
        using var folder = new ScratchFolder();
        var run = folder["run"];
        Assert.Equal(0, Gendsl.Run($"{Run} --out {run}").Code);
        var model = folder["run/checkpoints/step-000000060/model.safetensors"];
        using (var file = new FileStream(model, FileMode.Open))
        {
            file.SetLength(file.Length / 2);
        }

        foreach (var command in (string[])[$"train --resume --steps 70 --out {run}", $"sample {run}", $"eval {run}"])
        {
            var outcome = Gendsl.Run(command);
            Assert.Equal(1, outcome.Code);
            Assert.Contains($"'{model}' is damaged", outcome.Error, StringComparison.Ordinal);
            Assert.Contains("to use another one, write its name into", outcome.Error, StringComparison.Ordinal);
        }

        File.WriteAllText(folder["run/checkpoints/latest"], "step-000000050\n");
        Assert.Equal(0, Gendsl.Run($"train --resume --out {run}").Code);
    }

    [Fact]
    public void ChangedProgram()
    {
        using var folder = new ScratchFolder();
        Assert.Equal(0, Gendsl.Run($"{Run} --out {folder["run"]}").Code);
        var text = File.ReadAllText(folder["run/vae.gen"]);
        File.WriteAllText(folder["run/vae.gen"], text.Replace("|> relu |> linear(28 * 28)", "|> linear(hidden) |> relu |> linear(28 * 28)", StringComparison.Ordinal));
        var outcome = Gendsl.Run($"sample {folder["run"]}");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("The program has changed since", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoProcessesCannotTrainOneRun()
    {
        using var folder = new ScratchFolder();
        Assert.Equal(0, Gendsl.Run($"{Run} --out {folder["run"]}").Code);
        using var other = new FileStream(folder["run/.lock"], FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var outcome = Gendsl.Run($"train --resume --steps 70 --out {folder["run"]}");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("another process is training it", outcome.Error, StringComparison.Ordinal);
    }

    private static void RequireEqual(string expected, string actual)
    {
        Assert.Equal(Weights(expected), Weights(actual));
        Assert.Equal(Metrics(expected), Metrics(actual));
    }

    private static byte[] Weights(string run)
    {
        var latest = File.ReadAllText(Path.Combine(run, "checkpoints", "latest")).Trim();
        return File.ReadAllBytes(Path.Combine(run, "checkpoints", latest, "model.safetensors"));
    }

    /// <summary>All figures but the time.</summary>
    private static string Metrics(string run)
    {
        var text = new StringBuilder();
        foreach (var line in File.ReadLines(Path.Combine(run, "metrics.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject()))
        {
            line.Remove("seconds");
            text.AppendLine(line.ToJsonString());
        }

        return text.ToString();
    }

    private static Process Start(string commandLine)
    {
        // The test's folder holds the command and all that it needs; only the test's own list says so.
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        var here = AppContext.BaseDirectory;
        string[] host = ["exec", "--depsfile", Path.Combine(here, "GenDsl.Integration.Tests.deps.json"), "--runtimeconfig", Path.Combine(here, "GenDsl.Integration.Tests.runtimeconfig.json"), Path.Combine(here, "gendsl.dll")];
        foreach (var argument in host.Concat(commandLine.Split(' ')))
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    /// <summary>Asks to stop as soon as something is reported.</summary>
    private sealed class StoppingWriter(CancellationTokenSource stop) : StringWriter
    {
        public override void Write(string? value)
        {
            base.Write(value);
            stop.Cancel();
        }
    }
}
