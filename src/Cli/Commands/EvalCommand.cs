using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Threading;
using GenDsl.Cli.Compilation;
using GenDsl.Cli.Data;
using GenDsl.Cli.Runs;
using GenDsl.Cli.Training;
using GenDsl.Runtime;

namespace GenDsl.Cli.Commands;

/// <summary><c>gendsl eval RUN</c>: the only command that reads test rows.</summary>
internal sealed class EvalCommand : Command
{
    public EvalCommand(Terminal terminal, CancellationToken cancel)
        : base("eval", "Evaluate a trained model, on the test rows of its data unless told otherwise.")
    {
        var folder = new Argument<string>("RUN") { Description = "The folder of a run." };
        var data = new Option<string[]>("--data")
        {
            Description = "Data as NAME[@view][:split], for one source as source=NAME; may be repeated. Without a split, its test rows.",
            HelpName = "[source=]SPEC",
            DefaultValueFactory = _ => [],
        };
        var device = new Option<string?>("--device") { Description = "cpu or cuda (default: where it was trained).", HelpName = "cpu|cuda" };
        var best = new Option<bool>("--best") { Description = "The checkpoint that validated best, not the latest." };
        var only = new Option<string[]>("--only")
        {
            Description = "Evaluations of the program to run, by name; may be repeated (default: all).",
            HelpName = "NAME",
            DefaultValueFactory = _ => [],
        };
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        Add(folder);
        var ops = ForeignCode.Option();
        foreach (var option in (Option[])[data, device, best, only, ops, json])
        {
            Add(option);
        }

        SetAction(parsed =>
        {
            var run = RunFolder.Open(parsed.GetRequiredValue(folder));
            NewRun.SetThreads(run.Record.Threads);
            var descriptor = RestoredRun.Descriptor(run, parsed.GetRequiredValue(ops), terminal.Error.WriteLine, cancel);
            if (descriptor.Evaluations.Count == 0)
            {
                throw new GenDslException($"{descriptor.Name} declares no evaluation. Add one to its program: evaluate name(data: Space) {{ report ... }}");
            }

            var evaluations = Chosen(descriptor, parsed.GetRequiredValue(only));
            var specs = Data(descriptor, evaluations, run, parsed.GetRequiredValue(data));
            using var trainer = RestoredRun.Load(run, descriptor, Placement.On(parsed.GetValue(device)), parsed.GetValue(best));
            using var sources = OpenSources.Open(specs, [.. evaluations.SelectMany(evaluation => evaluation.Sources)], terminal.Error.WriteLine);
            var values = evaluations
                .SelectMany(evaluation => EvaluationData.Run(trainer, evaluation, descriptor.Evaluations.Count > 1, sources))
                .ToDictionary(value => value.Name, value => value.Value);
            var record = new EvaluationRecord(trainer.GlobalStep, parsed.GetValue(best), DateTime.UtcNow, CommandText.Of(parsed), specs, values);
            record.Write(run.Evaluation);
            Print(record, descriptor, terminal, parsed.GetValue(json));
            return ExitCode.Done;
        });
    }

    private static void Print(EvaluationRecord record, TrainerDescriptor descriptor, Terminal terminal, bool isJson)
    {
        if (isJson)
        {
            terminal.Out.WriteLine(record.ToJson());
            return;
        }

        terminal.Out.WriteLine($"{descriptor.Name} after {FigureText.Count(record.Step)} steps on {string.Join(", ", record.Data.Select(pair => $"{pair.Key} = {pair.Value}"))}");
        foreach (var (name, value) in record.Values)
        {
            terminal.Out.WriteLine($"  {name} {FigureText.Number(value)}");
        }
    }

    private static IReadOnlyList<EvaluationInfo> Chosen(TrainerDescriptor descriptor, string[] names)
    {
        var unknown = names.FirstOrDefault(name => descriptor.Evaluations.All(evaluation => evaluation.Name != name));
        return unknown is not null
            ? throw new GenDslException($"{descriptor.Name} has no evaluation '{unknown}'. It has: {string.Join(", ", descriptor.Evaluations.Select(evaluation => evaluation.Name))}.")
            : names.Length == 0 ? descriptor.Evaluations : [.. descriptor.Evaluations.Where(evaluation => names.Contains(evaluation.Name))];
    }

    private static Dictionary<string, string> Data(TrainerDescriptor descriptor, IReadOnlyList<EvaluationInfo> evaluations, RunFolder run, string[] given)
    {
        SourceInfo[] sources = [.. evaluations.SelectMany(evaluation => evaluation.Sources).DistinctBy(source => source.Name)];
        var specs = DataArguments.Resolve(given, sources, descriptor.Name).ToDictionary(pair => pair.Key, pair => Splits.Test(pair.Value));
        foreach (var evaluation in evaluations)
        {
            foreach (var (source, spec) in EvaluationData.Of(evaluation, run.Record.Data) ?? [])
            {
                specs.TryAdd(source, Splits.TestOf(spec));
            }
        }

        var missing = sources.FirstOrDefault(source => !specs.ContainsKey(source.Name));
        return missing is null
            ? specs
            : throw new GenDslException($"The evaluation reads '{missing.Name}', which training did not. Give it data: --data {missing.Name}=NAME.");
    }
}
