using System;
using System.Collections.Generic;
using System.Threading;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A trainer seen without its types, as tools see it.</summary>
public interface ITrainer : IAsyncDisposable, IDisposable
{
    /// <summary>A checkpoint was written; the argument is its folder.</summary>
    event Action<string>? Saved;

    /// <summary>What it is.</summary>
    TrainerDescriptor Descriptor { get; }

    /// <summary>How it was set up.</summary>
    TrainerOptions Options { get; }

    /// <summary>The steps done.</summary>
    long GlobalStep { get; }

    /// <summary>The passes of the clock source done.</summary>
    double Epoch { get; }

    /// <summary>Its phases, in order; empty for a trainer with one step.</summary>
    IReadOnlyList<PlannedPhase> Phases { get; }

    /// <summary>The part of the run that is done, in [0, 1].</summary>
    double Done { get; }

    /// <summary>The tensors of all nets, and states of the trainer itself.</summary>
    StateTable State { get; }

    /// <summary>Its nets and averages, in order of construction.</summary>
    IReadOnlyList<NamedNet> Nets { get; }

    /// <summary>Where the checkpoint that it was loaded from differs in machine or versions; empty if it resumes exactly.</summary>
    IReadOnlyList<string> ResumeWarnings { get; }

    /// <summary>Trains until a total length is reached.</summary>
    IAsyncEnumerable<StepReport> Fit(IReadOnlyDictionary<string, Source> sources, RunLength length, CancellationToken cancel = default);

    /// <summary>Runs an evaluation.</summary>
    IReadOnlyList<NamedValue> Evaluate(string name, IReadOnlyDictionary<string, Source> sources);

    /// <summary>Draws samples; the caller disposes the tensor.</summary>
    Tensor Sample(string name, SampleRequest request, out SpaceInfo space);

    /// <summary>Writes a checkpoint below a folder and returns its own folder.</summary>
    string Save(string folder);
}
