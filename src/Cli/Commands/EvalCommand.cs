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
using GenDsl.Runtime.Data;

namespace GenDsl.Cli.Commands;

/// <summary><c>gendsl eval RUN</c>: the only command that reads test rows. A TorchScript net may stand in place of the run.</summary>
internal sealed class EvalCommand : Command
{
    public EvalCommand(Terminal terminal, CancellationToken cancel)
        : base("eval", "Evaluate a trained model, on the test rows of its data unless told otherwise.")
    {
        var folder = new Argument<string>("RUN") { Description = "The folder of a run, or a TorchScript file whose net scores --data fake=... (and real=...)." };
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

        var script = new ScriptArguments();
        foreach (var option in script.All)
        {
            Add(option);
        }

        SetAction(parsed =>
        {
            if (parsed.GetRequiredValue(folder) is var net && ScriptEvaluation.Is(net))
            {
                if (((Option[])[best, only, ops]).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } ofRuns)
                {
                    throw new GenDslException($"'{ofRuns.Name}' belongs to the evaluation of a run, and '{net}' is a net. Leave it out.");
                }

                var scores = ScriptEvaluation.Run(
                    net, script.Scoring(parsed, net), script.Arguments(parsed), parsed.GetValue(device), parsed.GetRequiredValue(data), CommandText.Of(parsed), terminal.Error.WriteLine);
                Print(scores, $"{scores.Net} (sha256 {scores.Weights![..12]})", terminal, parsed.GetValue(json));
                return ExitCode.Done;
            }

            script.RequireNone(parsed);
            var run = RunFolder.Open(parsed.GetRequiredValue(folder));
            NewRun.SetThreads(run.Record.Threads);
            var descriptor = RestoredRun.Descriptor(run, parsed.GetRequiredValue(ops), terminal.Error.WriteLine, cancel);
            if (descriptor.Evaluations.Count == 0)
            {
                throw new GenDslException($"{descriptor.Name} declares no evaluation. Add one to its program: evaluate name(data: Space) {{ report ... }}");
            }

            var (evaluations, specs) = Data(descriptor, Chosen(descriptor, parsed.GetRequiredValue(only)), run, parsed.GetRequiredValue(data), parsed.GetRequiredValue(only).Length > 0, terminal);
            using var trainer = RestoredRun.Load(run, descriptor, Placement.On(parsed.GetValue(device)), parsed.GetValue(best));
            using var sources = OpenSources.Open(specs, [.. evaluations.SelectMany(evaluation => evaluation.Sources)], terminal.Error.WriteLine);
            var values = evaluations
                .SelectMany(evaluation => EvaluationData.Run(trainer, evaluation, descriptor.Evaluations.Count > 1, sources))
                .ToArray();
            var record = new EvaluationRecord(
                trainer.GlobalStep, parsed.GetValue(best), DateTime.UtcNow, CommandText.Of(parsed), specs, values.ToDictionary(value => value.Name, value => value.Value))
            {
                Weights = run.WeightsHash(descriptor, parsed.GetValue(best))[..12],
                Rows = sources.ByName.ToDictionary(source => source.Key, source => source.Value.Rows),
                Protocols = values.Where(value => value.Protocol is not null).ToDictionary(value => value.Name, value => value.Protocol!),
            };
            record.Write(run.Evaluation);
            Print(record, $"{descriptor.Name} after {FigureText.Count(record.Step)} steps (sha256 {record.Weights})", terminal, parsed.GetValue(json));
            return ExitCode.Done;
        });
    }

    private static void Print(EvaluationRecord record, string who, Terminal terminal, bool isJson)
    {
        if (isJson)
        {
            terminal.Out.WriteLine(record.ToJson());
            return;
        }

        terminal.Out.WriteLine(
            $"{who} on {string.Join(", ", record.Data.Select(pair => $"{pair.Key} = {pair.Value} ({FigureText.Count(record.Rows[pair.Key])} rows)"))}");
        foreach (var (name, shown) in record.Shown ?? new Dictionary<string, string>())
        {
            terminal.Out.WriteLine($"  {name}: {shown}");
        }

        foreach (var (name, value) in record.Values)
        {
            terminal.Out.WriteLine($"  {name} {FigureText.Number(value)}{(record.Protocols.TryGetValue(name, out var protocol) ? $" ({protocol})" : "")}");
        }
    }

    private static IReadOnlyList<EvaluationInfo> Chosen(TrainerDescriptor descriptor, string[] names)
    {
        var known = descriptor.Evaluations.Select(evaluation => evaluation.Name).ToArray();
        return names.FirstOrDefault(name => !known.Contains(name)) is { } unknown
            ? throw new GenDslException($"{descriptor.Name} has no evaluation '{unknown}'.{Meant.Of(unknown, known)} It has: {string.Join(", ", known)}.")
            : names.Length == 0 ? descriptor.Evaluations : [.. descriptor.Evaluations.Where(evaluation => names.Contains(evaluation.Name))];
    }

    // An evaluation that nobody asked for by name is left out where it reads what is not there.
    private static (IReadOnlyList<EvaluationInfo> Evaluations, Dictionary<string, string> Specs) Data(
        TrainerDescriptor descriptor, IReadOnlyList<EvaluationInfo> chosen, RunFolder run, string[] given, bool isNamed, Terminal terminal)
    {
        SourceInfo[] sources = [.. chosen.SelectMany(evaluation => evaluation.Sources).DistinctBy(source => source.Name)];
        var asked = DataArguments.Resolve(given, sources, descriptor.Name);
        var specs = asked.ToDictionary(pair => pair.Key, pair => Splits.Test(pair.Value));
        foreach (var evaluation in chosen)
        {
            EvaluationData.RequireApart(evaluation, asked, specs);
        }

        foreach (var evaluation in chosen)
        {
            foreach (var (source, spec) in EvaluationData.Of(evaluation, descriptor.Sources, run.Record.Data).Where(pair => !specs.ContainsKey(pair.Key)))
            {
                specs[source] = Splits.TestOf(spec);
            }
        }

        var evaluations = new List<EvaluationInfo>();
        foreach (var evaluation in chosen)
        {
            if (evaluation.Sources.FirstOrDefault(source => !specs.ContainsKey(source.Name)) is not { } missing)
            {
                evaluations.Add(evaluation);
            }
            else if (isNamed || chosen.Count == 1)
            {
                throw new GenDslException($"The evaluation '{evaluation.Name}' reads '{missing.Name}', which training did not. Give it data: --data {missing.Name}=NAME.");
            }
            else
            {
                terminal.Error.WriteLine($"'{evaluation.Name}' is left out: it reads '{missing.Name}', which training did not. To run it: --only {evaluation.Name} --data {missing.Name}=NAME.");
            }
        }

        var read = evaluations.SelectMany(evaluation => evaluation.Sources).Select(source => source.Name).ToHashSet();
        return (evaluations, specs.Where(pair => read.Contains(pair.Key)).ToDictionary());
    }
}
