using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using GenDsl.Cli.Runs;
using GenDsl.Cli.Training;
using GenDsl.Runtime;
using GenDsl.Runtime.Media;

namespace GenDsl.Cli.Commands;

/// <summary><c>gendsl result RUN</c>: the rows of a run for the table in docs/results.md.</summary>
internal sealed class ResultCommand : Command
{
    public ResultCommand(Terminal terminal)
        : base("result", "Print the row of a run for docs/results.md, from its last evaluation.")
    {
        var folder = new Argument<string>("RUN") { Description = "The folder of a run." };
        Add(folder);
        SetAction(parsed =>
        {
            var run = RunFolder.Open(parsed.GetRequiredValue(folder));
            foreach (var row in Rows(run))
            {
                terminal.Out.WriteLine(row);
            }

            return ExitCode.Done;
        });
    }

    private static IEnumerable<string> Rows(RunFolder run)
    {
        var evaluation = EvaluationRecord.Read(run.Evaluation)
            ?? throw new GenDslException($"The run '{run.Path}' has no evaluation, and a result is one on test rows. Evaluate it first: gendsl eval {run.Path}");
        var record = run.Record;
        var seconds = MetricsLog.Read(run.Metrics).LastOrDefault()?.Seconds ?? 0;
        var hardware = $"{record.Threads} threads, {record.Options["device"]}";
        var data = string.Join(", ", evaluation.Data.Values.Distinct());

        // The columns: system, data, command, metric, value (spread), baseline, paper's value, hardware, date.
        return evaluation.Values.Select(value =>
            $"| {record.Entry} | {data} | `{record.Command}` ({FigureText.Time(seconds)}) | {value.Key}{(evaluation.IsBest ? ", best checkpoint" : "")} "
            + $"| {FigureText.Number(value.Value)} | | | {hardware} | {evaluation.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} |");
    }
}
