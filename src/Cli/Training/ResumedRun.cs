using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using GenDsl.Cli.Compilation;
using GenDsl.Cli.Data;
using GenDsl.Cli.Runs;
using GenDsl.Runtime;

namespace GenDsl.Cli.Training;

/// <summary>Prepares a run that goes on: its text, data and options are those it began with, only the length may change.</summary>
internal static class ResumedRun
{
    public static PreparedRun Prepare(TrainRequest request, Action<string> note, CancellationToken cancel)
    {
        var folder = RunFolder.Open(request.Out ?? throw new GenDslException("--resume needs to know the run. Give its folder: --resume --out DIR"));
        var guard = RunLock.Take(folder.Path);
        ITrainer? trainer = null;
        OpenSources? data = null;
        IReadOnlyList<WatchedEvaluation> watching = [];
        try
        {
            NewRun.SetThreads(request.Threads ?? folder.Record.Threads);
            var foreign = ForeignCode.Of(folder.Record.Ops, request.Ops, note, cancel);
            var file = ProgramCompiler.Check(folder.ReadProgram(), foreign, cancel);
            var descriptor = ProgramCompiler.Load(file, foreign, note, cancel).Entry(folder.Record.Entry);
            RequireSame(request, folder, descriptor, note);
            trainer = Trainer(folder, descriptor, note);
            data = OpenSources.Open(folder.Record.Data, descriptor.Sources, note);
            watching = WatchedData.Open(descriptor, folder.Record.Data, folder.Record.Watched, note);
            if (request.Length is { } length && length != folder.Record.Length)
            {
                folder.Extend(length);
            }

            var outline = NewRun.Outline(file, folder, trainer, data, NewRun.StepsPerEpoch(descriptor, data, trainer.Options.Batch));
            return new PreparedRun(folder, guard, trainer, data, watching, outline with
            {
                Lines = [.. outline.Lines, string.Create(CultureInfo.InvariantCulture, $"resumed at step {trainer.GlobalStep:N0}")],
            });
        }
        catch
        {
            foreach (var one in watching)
            {
                one.Dispose();
            }

            data?.Dispose();
            trainer?.Dispose();
            guard.Dispose();
            throw;
        }
    }

    private static ITrainer Trainer(RunFolder folder, TrainerDescriptor descriptor, Action<string> note)
    {
        var place = new OptionBag();
        place.Set("checkpoint_folder", folder.Checkpoints);
        if (!folder.HasCheckpoint)
        {
            note("The run has no checkpoint yet, so it starts again from its seed.");
            return descriptor.Create(new OptionBag(folder.Record.Options).With(place));
        }

        var trainer = RestoredRun.Load(folder, descriptor, place);
        foreach (var warning in trainer.ResumeWarnings)
        {
            note(warning);
        }

        return trainer;
    }

    /// <summary>A command line may be repeated with <c>--resume</c> added, but must not say something else.</summary>
    private static void RequireSame(TrainRequest request, RunFolder folder, TrainerDescriptor descriptor, Action<string> note)
    {
        var record = folder.Record;
        if (request.Entry is { } entry && entry != record.Entry)
        {
            throw Different(folder, "--entry", record.Entry, entry);
        }

        foreach (var (name, value) in request.Options)
        {
            if (!record.Options.TryGetValue(name, out var stored))
            {
                new OptionBag(request.Options).Check(descriptor);
            }
            else if (!IsSame(stored, value) && !(name.StartsWith("given.", StringComparison.Ordinal) && (stored.StartsWith(value + "@", StringComparison.Ordinal) || stored.StartsWith(value + ":", StringComparison.Ordinal))))
            {
                throw Different(folder, name, stored, value);
            }
        }

        foreach (var (source, spec) in DataArguments.Resolve(request.Data, descriptor.Sources, descriptor.Name, WatchedData.Sources(descriptor)))
        {
            var (stored, given) = record.Data.TryGetValue(source, out var own) ? (own, spec) : (record.Watched.GetValueOrDefault(source, "no data"), Splits.Watched(source, spec));
            if (stored != given)
            {
                throw Different(folder, $"--data {source}", stored, given);
            }
        }

        if (request.Program is { } program && GenFiles.Read(program).Text != folder.ReadProgram().Text)
        {
            note($"The run goes on with the text that it began with, '{folder.ProgramFile}'; '{program}' has another one.");
        }
    }

    private static bool IsSame(string stored, string given) => stored == given
        || (double.TryParse(stored, NumberStyles.Float, CultureInfo.InvariantCulture, out var a)
            && double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out var b) && a == b);

    private static GenDslException Different(RunFolder folder, string what, string stored, string given) =>
        new($"The run '{folder.Path}' was started with {what} = {stored}, and --resume is given {given}. Leave it out, or start a new run with another --out.");
}
