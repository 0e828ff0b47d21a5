using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using GenDsl.Cli.Compilation;
using GenDsl.Runtime;

namespace GenDsl.Cli.Runs;

/// <summary>Makes the trainer of a run again, from its own text.</summary>
internal static class RestoredRun
{
    public static TrainerDescriptor Descriptor(RunFolder run, IReadOnlyCollection<string> ops, Action<string> note, CancellationToken cancel)
    {
        var foreign = ForeignCode.Of(run.Record.Ops, ops, note, cancel);
        return ProgramCompiler.Load(ProgramCompiler.Check(run.ReadProgram(), foreign, cancel), foreign, note, cancel).Entry(run.Record.Entry);
    }

    /// <summary>The trainer as its latest checkpoint, or its best one, left it.</summary>
    public static ITrainer Load(RunFolder run, TrainerDescriptor descriptor, OptionBag changes, bool isBest = false)
    {
        var folder = isBest ? run.Best : run.Checkpoints;
        if (!Directory.Exists(folder))
        {
            throw new GenDslException(isBest
                ? $"The run '{run.Path}' has no best checkpoint: it has not been validated. Leave out --best."
                : $"The run '{run.Path}' has no checkpoint yet. Go on with it: gendsl train --resume --out {run.Path}");
        }

        try
        {
            return descriptor.Load(folder, changes);
        }
        catch (GenDslException error)
        {
            throw new GenDslException($"{error.Message}{Others(folder)}", error);
        }
    }

    private static string Others(string folder)
    {
        var names = Directory.GetDirectories(folder, "step-*").Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray();
        return names.Length < 2
            ? ""
            : $" In '{folder}' there are {string.Join(", ", names)}; to use another one, write its name into '{Path.Combine(folder, "latest")}'.";
    }
}
