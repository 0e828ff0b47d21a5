using System;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Threading;
using GenDsl.Cli.Data;
using GenDsl.Cli.Runs;
using GenDsl.Cli.Training;
using GenDsl.Runtime;

namespace GenDsl.Cli.Commands;

/// <summary><c>gendsl nearest RUN --words king,london</c>: what stands near what in a learned embedding.</summary>
internal sealed class NearestCommand : Command
{
    private const int DefaultCount = 8;

    public NearestCommand(Terminal terminal, CancellationToken cancel)
        : base("nearest", "What is nearest to words in a learned embedding, by cosine.")
    {
        var folder = new Argument<string>("RUN") { Description = "The folder of a run." };
        var words = new Option<string[]>("--words") { Description = "Words, or sums of words: king,london or king-man+woman.", HelpName = "WORD,...", Required = true };
        var count = Numbers.Whole("-n", $"How many for each (default {DefaultCount}).", 1, "--count");
        var net = new Option<string?>("--net") { Description = "The net whose embedding is meant (default: the first that has one).", HelpName = "NAME" };
        var best = new Option<bool>("--best") { Description = "From the checkpoint that validated best, not the latest." };
        var ops = Compilation.ForeignCode.Option();
        foreach (var option in (Option[])[words, count, net, best, ops])
        {
            Add(option);
        }

        Add(folder);
        SetAction(parsed =>
        {
            string[] asked = [.. parsed.GetRequiredValue(words).SelectMany(item => item.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
            if (asked.Length == 0)
            {
                throw new GenDslException("'--words' names no word: --words king,london");
            }

            var run = RunFolder.Open(parsed.GetRequiredValue(folder));
            NewRun.SetThreads(run.Record.Threads);
            var descriptor = RestoredRun.Descriptor(run, parsed.GetRequiredValue(ops), terminal.Error.WriteLine, cancel);
            using var trainer = RestoredRun.Load(run, descriptor, Placement.On(null), parsed.GetValue(best));
            using var data = OpenSources.Open(run.Record.Data, descriptor.Sources, terminal.Error.WriteLine);
            using var table = WordTable.Of(trainer, data.ByName.Values.SelectMany(source => source.Columns).Select(column => column.Vocabulary), parsed.GetValue(net));
            var lines = asked.Select(word => $"{word}: " + string.Join(", ", table.Nearest(word, parsed.GetValue(count) is { } n ? (int)n : DefaultCount)
                .Select(near => string.Create(CultureInfo.InvariantCulture, $"{near.Word} {near.Cosine:F2}")))).ToArray();
            terminal.Out.WriteLine($"{table.Name}, by cosine");
            foreach (var line in lines)
            {
                terminal.Out.WriteLine("  " + line);
            }

            return ExitCode.Done;
        });
    }
}
