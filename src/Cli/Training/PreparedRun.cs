using System;
using GenDsl.Cli.Data;
using GenDsl.Cli.Runs;
using GenDsl.Runtime;

namespace GenDsl.Cli.Training;

/// <summary>A run with everything open that it needs.</summary>
internal sealed record PreparedRun(RunFolder Folder, RunLock Lock, ITrainer Trainer, OpenSources Data, RunOutline Outline) : IDisposable
{
    public void Dispose()
    {
        Trainer.Dispose();
        Data.Dispose();
        Lock.Dispose();
    }
}
