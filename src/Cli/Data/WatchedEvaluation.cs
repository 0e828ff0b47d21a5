using System;
using GenDsl.Runtime;

namespace GenDsl.Cli.Data;

/// <summary>An evaluation that runs at every epoch of a training, because it was given data of its own.</summary>
internal sealed record WatchedEvaluation(EvaluationInfo Evaluation, OpenSources Data) : IDisposable
{
    public void Dispose() => Data.Dispose();
}
