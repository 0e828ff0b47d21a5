using System.CommandLine;
using System.IO;
using System.Linq;
using System.Threading;
using GenDsl.Cli.Compilation;
using GenDsl.Cli.Data;
using GenDsl.Cli.Runs;
using GenDsl.Cli.Training;
using GenDsl.Runtime;

namespace GenDsl.Cli.Commands;

/// <summary><c>gendsl sample RUN</c>: draws from what a run has learned.</summary>
internal sealed class SampleCommand : Command
{
    private const int DefaultCount = 64;
    private const int DefaultRows = 8;

    public SampleCommand(Terminal terminal, CancellationToken cancel)
        : base("sample", "Draw samples from a trained model.")
    {
        var folder = new Argument<string>("RUN") { Description = "The folder of a run." };
        var count = Numbers.Whole("-n", "How many (default 64; 8 rows where a number moves).", 1, "--count");
        var name = new Option<string?>("--sample") { Description = "Which, where the program declares several.", HelpName = "NAME" };
        var file = new Option<string?>("--out") { Description = "The file; what samples are decides its extension (default RUN/NAME).", HelpName = "FILE" };
        var device = new Option<string?>("--device") { Description = "cpu or cuda (default: where it was trained).", HelpName = "cpu|cuda" };
        var best = new Option<bool>("--best") { Description = "From the checkpoint that validated best, not the latest." };
        var given = new Option<string[]>("--given") { Description = "A class to draw for: y=3, or several in turn: y=0,1,2 (default: all in turn).", HelpName = "NAME=CLASS" };
        var size = new Option<string[]>("--size") { Description = "A size, such as the length of a sound: t=16000.", HelpName = "NAME=N" };
        var set = new Option<string[]>("--set") { Description = "Another number of the sample, such as how far a latent is cut off, truncation=0.5; or what it moves through in each row of the grid, all else as it is, first=-2..2.", HelpName = "NAME=X" };
        var data = new Option<string[]>("--data")
        {
            Description = "What to draw for, where that is more than a class, as NAME[@view][:split], for one source as source=NAME (default: the test rows of its data).",
            HelpName = "[source=]SPEC",
            DefaultValueFactory = _ => [],
        };
        var temperature = Numbers.Positive("--temperature", "The factor of the noise of a flow: below 1 samples are likelier and more alike (default 1).");
        var ops = ForeignCode.Option();
        foreach (var option in (Option[])[count, name, file, device, best, given, size, set, data, temperature, ops])
        {
            Add(option);
        }

        Add(folder);
        SetAction(parsed =>
        {
            var run = RunFolder.Open(parsed.GetRequiredValue(folder));
            NewRun.SetThreads(run.Record.Threads);
            var descriptor = RestoredRun.Descriptor(run, parsed.GetRequiredValue(ops), terminal.Error.WriteLine, cancel);
            var sample = ChosenSample.Of(descriptor, parsed.GetValue(name));
            using var trainer = RestoredRun.Load(run, descriptor, Placement.On(parsed.GetValue(device)), parsed.GetValue(best));
            using var sources = Sources(run, descriptor, sample, parsed.GetRequiredValue(data), terminal);
            var path = parsed.GetValue(file) is { } target ? Path.Combine(Path.GetDirectoryName(target) ?? "", Path.GetFileNameWithoutExtension(target)) : Path.Combine(run.Path, sample.Name);
            var (numbers, sweep) = NamedNumbers.Reals(parsed.GetValue(set), "--set");
            var files = SampleSheet.Write(path, sample, new SampleRequest((int)(parsed.GetValue(count) ?? (sweep is null ? DefaultCount : DefaultRows)))
            {
                Classes = NamedNumbers.Lists(parsed.GetValue(given), "--given"),
                Temperature = parsed.GetValue(temperature) ?? 1,
                Sizes = NamedNumbers.Single(parsed.GetValue(size), "--size"),
                Numbers = numbers,
            }, trainer, sources, terminal.Error.WriteLine, sweep: sweep);
            foreach (var written in files)
            {
                terminal.Out.WriteLine(written);
            }

            return ExitCode.Done;
        });
    }

    /// <summary>Only samples that are drawn for rows, and those of classes and codes, for the texts of their entries, need data.</summary>
    private static OpenSources Sources(RunFolder run, TrainerDescriptor descriptor, SampleInfo sample, string[] given, Terminal terminal)
    {
        if (ConditionRows.AreNeeded(sample))
        {
            SourceInfo[] read = [.. ConditionRows.Sources(sample, descriptor.Sources)];
            var asked = DataArguments.Resolve(given, read, $"The sample '{sample.Name}'");
            return OpenSources.Open(
                read.ToDictionary(source => source.Name, source => asked.TryGetValue(source.Name, out var spec) ? Splits.Test(spec) : Splits.TestOf(run.Record.Data[source.Name])), read, terminal.Error.WriteLine);
        }

        return given.Length > 0 ? throw new GenDslException($"The sample '{sample.Name}' is drawn for no rows of data. Leave --data out.")
            : sample.Space.IsIndex ? OpenSources.Open(run.Record.Data, descriptor.Sources, terminal.Error.WriteLine)
            : OpenSources.None;
    }
}
