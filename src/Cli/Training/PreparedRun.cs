using System;
using System.Collections.Generic;
using GenDsl.Cli.Data;
using GenDsl.Cli.Runs;
using GenDsl.Runtime;

namespace GenDsl.Cli.Training;

/// <summary>A run with everything open that it needs.</summary>
internal sealed record PreparedRun(RunFolder Folder, RunLock Lock, ITrainer Trainer, OpenSources Data, IReadOnlyList<WatchedEvaluation> Watched, RunOutline Outline) : IDisposable
{
    public void Dispose()
    {
        Trainer.Dispose();
        Data.Dispose();
        foreach (var watched in Watched)
        {
            watched.Dispose();
        }

        Lock.Dispose();
    }
}
