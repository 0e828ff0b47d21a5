using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using GenDsl.Cli.Compilation;
using GenDsl.Cli.Data;
using GenDsl.Cli.Inspection;
using GenDsl.Cli.Runs;
using GenDsl.Dsl;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Runtime;

namespace GenDsl.Cli.Training;

/// <summary>Prepares a run from nothing. The folder is made last, when everything else is known to be right.</summary>
internal static class NewRun
{
    public static PreparedRun Prepare(TrainRequest request, string program, Action<string> note, CancellationToken cancel)
    {
        var source = GenFiles.Read(program);
        var path = request.Out ?? RunFolder.DefaultPath(source.Name);
        RunFolder.RequireFree(path);
        SetThreads(request.Threads);

        var foreign = ForeignCode.Read(request.Ops, cancel);
        var file = ProgramCompiler.Check(source, foreign, cancel);
        foreach (var warning in file.Diagnostics.Where(finding => finding.Severity == Severity.Warning))
        {
            note(warning.ToString());
        }

        var descriptor = ProgramCompiler.Load(file, foreign, note, cancel).Entry(request.Entry);
        var bag = new OptionBag(request.Options);
        bag.Set("checkpoint_folder", System.IO.Path.Combine(path, "checkpoints"));
        OpenSources? data = null;
        ITrainer? trainer = null;
        IReadOnlyList<WatchedEvaluation> watching = [];
        try
        {
            var watched = WatchedData.Of(descriptor, request.Data);
            Dictionary<string, string>? specs = null;
            if (MissingSizes(descriptor, bag).Length > 0)
            {
                specs = Data(request, descriptor, note);
                data = OpenSources.Open(specs, descriptor.Sources, note);
                FillSizes(descriptor, bag, data);
            }

            RequireTold(descriptor, bag);
            trainer = descriptor.Create(bag);
            specs ??= Data(request, descriptor, note);
            data ??= OpenSources.Open(specs, descriptor.Sources, note);
            RequireSizes(descriptor, trainer, data);
            NoteQueues(trainer, data, note);
            watching = WatchedData.Open(descriptor, specs, watched, note);
            var stepsPerEpoch = StepsPerEpoch(descriptor, data, trainer.Options.Batch);
            var record = new RunRecord
            {
                Name = source.Name,
                Entry = descriptor.Name,
                Data = specs,
                Watched = watched,
                Options = trainer.Options.ToBag().ToDictionary(),
                Length = request.Length ?? DefaultLength(trainer, stepsPerEpoch),
                Threads = TorchRuntime.Threads,
                Ops = foreign.Files,
                Command = request.Command,
                Started = DateTime.UtcNow,
            };
            cancel.ThrowIfCancellationRequested();
            var folder = RunFolder.Create(path, record, source.Text);
            var outline = Outline(file, folder, trainer, data, stepsPerEpoch);
            return new PreparedRun(folder, RunLock.Take(path), trainer, data, watching, outline);
        }
        catch
        {
            foreach (var one in watching)
            {
                one.Dispose();
            }

            data?.Dispose();
            trainer?.Dispose();
            throw;
        }
    }

    // A last phase without a length gets one from the command line only: how many steps are left for it, nobody could guess.
    private static Length DefaultLength(ITrainer trainer, long stepsPerEpoch) => trainer.Phases switch
    {
        [] => Length.Default(stepsPerEpoch),
        [.., { Length: null, Name: var name }] => throw new GenDslException($"The phase '{name}' of {trainer.Descriptor.Name} says no length. Give the whole run one, --steps or --epochs, or the phase: 'phase {name} for 30 epochs'."),
        _ => Length.OfPlan,
    };

    public static void SetThreads(int? threads)
    {
        TorchRuntime.Initialize();
        if (threads is { } count)
        {
            TorchRuntime.Threads = count;
        }
    }

    public static long StepsPerEpoch(TrainerDescriptor descriptor, OpenSources data, int batch)
    {
        if (data.ByName.Values.FirstOrDefault(source => source.Rows < batch) is { } source)
        {
            throw new GenDslException($"'{source.Name}' has {source.Rows} rows, fewer than one batch of {batch}. Give a smaller --batch.");
        }

        return descriptor.Sources.Count == 0 ? 0 : data.ByName[descriptor.Sources[0].Name].Rows / batch;
    }

    public static RunOutline Outline(CheckedFile file, RunFolder folder, ITrainer trainer, OpenSources data, long stepsPerEpoch)
    {
        var record = folder.Record;
        var nets = trainer.Nets.Select(net => $"{net.Name} {FigureText.Count(net.State.LearnedSize)}");
        List<string> lines =
        [
            $"{record.Entry} ({record.Name}.gen), {record.Length}, batch {trainer.Options.Batch}, seed {trainer.Options.Seed}, {record.Options["device"]}, {record.Threads} threads",
            $"parameters: {string.Join(", ", nets)}",
            .. trainer.Phases.Count > 0 ? [$"phases: {string.Join(", ", trainer.Phases.Select(phase => phase.Length is { } length ? $"{phase.Name} {length}" : phase.Name))}"] : Array.Empty<string>(),
            .. data.ByName.Select(source => $"data: {source.Key} = {source.Value.Name}, {FigureText.Count(source.Value.Rows)} rows"),
            .. record.Watched.Select(source => $"watched at every epoch: {source.Key} = {source.Value}"),
        ];
        if (WorkEstimate.Of(file, record.Entry, record.Options, trainer.Options.Batch) is { } work)
        {
            lines.Add(work.Text(stepsPerEpoch));
        }

        lines.Add($"run: {folder.Path}");
        return new RunOutline(record.Length, stepsPerEpoch, lines);
    }

    // Hyperparameters that are sizes of the data, which the data tells.
    private static string[] MissingSizes(TrainerDescriptor descriptor, OptionBag bag)
    {
        HashSet<string> sizes = [.. descriptor.Sources.SelectMany(source => source.Columns).SelectMany(column => column.Space.FreeNames)];
        return [.. descriptor.Hyperparameters.Where(h => h.Default.Length == 0 && sizes.Contains(h.Name) && bag.Text(h.Name) is null).Select(h => h.Name)];
    }

    private static void FillSizes(TrainerDescriptor descriptor, OptionBag bag, OpenSources data)
    {
        foreach (var name in MissingSizes(descriptor, bag))
        {
            var size = descriptor.Sources.Select(source => data.ByName[source.Name].SizesOf(source.Columns)).First(sizes => sizes.ContainsKey(name))[name];
            bag.Set(name, size);
        }
    }

    // A number that only an evaluation's data know is part of the trainer all the same, and training has no such data.
    private static void RequireTold(TrainerDescriptor descriptor, OptionBag bag)
    {
        foreach (var evaluation in descriptor.Evaluations)
        {
            foreach (var name in evaluation.Sources.SelectMany(source => source.Columns).SelectMany(column => column.Space.FreeNames))
            {
                if (bag.Text(name) is null && descriptor.Hyperparameters.Any(h => h.Name == name && h.Default.Length == 0))
                {
                    throw new GenDslException($"Only the evaluation '{evaluation.Name}' reads data that tell '{name}', and training has none of it. Say it: --set {name}=N.");
                }
            }
        }
    }

    // What a command line says of the data has to be so, and is found out before there is a folder.
    private static void RequireSizes(TrainerDescriptor descriptor, ITrainer trainer, OpenSources data)
    {
        var options = trainer.Options.ToBag();
        foreach (var source in descriptor.Sources)
        {
            foreach (var (name, size) in data.ByName[source.Name].SizesOf(source.Columns))
            {
                if (options.Text(name) is { } given && given != size.ToString(CultureInfo.InvariantCulture))
                {
                    throw new GenDslException($"'{name}' is {size} in '{data.ByName[source.Name].Name}', not {given}. Leave it out: the data says it.");
                }
            }
        }
    }

    // The longer a queue, the more of its rows are those that a query was made of: false negatives.
    private static void NoteQueues(ITrainer trainer, OpenSources data, Action<string> note)
    {
        foreach (var queue in trainer.Queues.Where(queue => queue.Rows > data.ByName[queue.Source].Rows / 4))
        {
            note(string.Create(CultureInfo.InvariantCulture, $"The queue '{queue.Name}' keeps {queue.Rows:N0} rows, more than a quarter of the {data.ByName[queue.Source].Rows:N0} of '{queue.Source}': many of them are the row that they are compared with. Shorten it, or take more data."));
        }
    }

    private static Dictionary<string, string> Data(TrainRequest request, TrainerDescriptor descriptor, Action<string> note)
    {
        var specs = DataArguments.Resolve(request.Data, descriptor.Sources, descriptor.Name, WatchedData.Sources(descriptor)).Where(pair => descriptor.Sources.Any(source => source.Name == pair.Key)).ToDictionary();
        foreach (var source in descriptor.Sources.Where(source => !specs.ContainsKey(source.Name)))
        {
            specs[source.Name] = DefaultData.For(source, descriptor.Name);
            note($"No --data for '{source.Name}': '{specs[source.Name]}' is taken, which is made on the spot and fits. Other data: gendsl list.");
        }

        return specs;
    }
}
