using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using GenDsl.Cli.Runs;
using GenDsl.Runtime;
using GenDsl.Runtime.Media;

namespace GenDsl.Cli.Training;

/// <summary>Writes <c>report.md</c>: what ran, its figures, its time, and where things are.</summary>
internal static class RunReport
{
    public static void Write(RunFolder folder, ITrainer trainer, IReadOnlyList<MetricsLine> lines, Validation? validation, double seconds, string[] samples)
    {
        var record = folder.Record;
        var text = new StringBuilder();
        Line($"# {record.Entry}");
        Line();
        Line($"{trainer.Descriptor.Doc}");
        Line();
        Line($"    {record.Command}");
        Line();
        Line($"| | |");
        Line($"|---|---|");
        Line($"| Program | {record.Name}.gen, {record.Entry} |");
        Line($"| Data | {string.Join(", ", record.Data.Select(pair => $"{pair.Key} = {pair.Value}"))}{string.Concat(record.Watched.Select(pair => $", {pair.Key} = {pair.Value} (watched)"))} |");
        Line($"| Length | {trainer.GlobalStep:N0} steps, {trainer.Epoch:F2} epochs |");
        Line($"| Options | {string.Join(", ", record.Options.Select(pair => $"{pair.Key} = {pair.Value}"))} |");
        Line($"| Parameters | {string.Join(", ", trainer.Nets.Select(net => $"{net.Name} {FigureText.Count(net.State.LearnedSize)}"))} |");
        Line($"| Time | {FigureText.Time(seconds)}, {record.Threads} threads, {record.Options["device"]} |");
        Line($"| Versions | GenDsl {record.GenDsl}, TorchSharp {record.TorchSharp} |");
        Line();
        Line($"## Figures");
        Line();
        if (lines.Count > 0)
        {
            Line($"First report, step {lines[0].Step:N0}: {FigureText.Values(lines[0].Values)}");
            Line();
            Line($"Last report, step {lines[^1].Step:N0}: {FigureText.Values(lines[^1].Values)}");
            Line();
        }

        if (validation is { Best: { } best, Figure: { } figure })
        {
            Line($"Best {figure}: {FigureText.Number(best.Values.First(value => value.Name == figure).Value)} at step {best.Step:N0}, kept in `best/`.");
            Line();
        }

        Line($"The test rows were not read; `gendsl eval {folder.Path}` does that.");
        Line();
        Line($"## Files");
        Line();
        foreach (var sample in samples.Select(Path.GetFileName))
        {
            Line($"{(Path.GetExtension(sample) == ".png" ? "!" : "- ")}[{sample}]({sample})");
            Line();
        }

        Line($"- `{record.Name}.gen`: the program as it was");
        Line($"- `metrics.jsonl`: all figures; `tensorboard/`: the same for TensorBoard");
        Line($"- `checkpoints/`: the last states; `gendsl train --resume --out {folder.Path} --epochs N` goes on");
        Line($"- more samples: `gendsl sample {folder.Path} -n 100`");
        TextFile.Write(folder.Report, text.ToString());

        void Line(FormattableString? line = null) => text.Append(line?.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
