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

    /// <summary>A plan has collected rows: their name in the program, how many they are, and of how many.</summary>
    event Action<string, long, long>? RowsCollected;

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

    /// <summary>Its queues of earlier rows.</summary>
    IReadOnlyList<QueueInfo> Queues { get; }

    /// <summary>Where the checkpoint that it was loaded from differs in machine or versions; empty if it resumes exactly.</summary>
    IReadOnlyList<string> ResumeWarnings { get; }

    /// <summary>Trains until a total length is reached.</summary>
    /// <param name="sources">The data, by the names of the program's sources.</param>
    /// <param name="length">The total length, counted from step 0.</param>
    /// <param name="cancel">Stops between two steps; a last checkpoint is written if a folder is set.</param>
    /// <exception cref="GenDslException">A source is missing or does not fit, the length is none for this trainer, a step fails, or a figure is not finite.</exception>
    IAsyncEnumerable<StepReport> Fit(IReadOnlyDictionary<string, Source> sources, RunLength length, CancellationToken cancel = default);

    /// <summary>Runs an evaluation.</summary>
    /// <param name="name">Its name in the program.</param>
    /// <param name="sources">The data, by the names of the evaluation's sources.</param>
    /// <exception cref="GenDslException">There is no such evaluation, or a source is missing or does not fit.</exception>
    IReadOnlyList<NamedValue> Evaluate(string name, IReadOnlyDictionary<string, Source> sources);

    /// <summary>Draws samples; the caller disposes the tensor.</summary>
    /// <param name="name">The sample's name in the program.</param>
    /// <param name="request">How many, and under which conditions.</param>
    /// <param name="space">The space that they belong to.</param>
    /// <returns>Shape <c>[n, ...space]</c>.</returns>
    /// <exception cref="GenDslException">There is no such sample, or it does not take what is asked.</exception>
    Tensor Sample(string name, SampleRequest request, out SpaceInfo space);

    /// <summary>Writes a checkpoint below a folder and returns its own folder.</summary>
    /// <exception cref="GenDslException">A figure is not finite, a step failed half-way, or the folder cannot be written.</exception>
    string Save(string folder);
}
