using System;
using System.Collections.Generic;

namespace GenDsl.Runtime;

/// <summary>What tools need to know of a trainer without running it.</summary>
/// <param name="Name">Its name in the program.</param>
/// <param name="Doc">What it is.</param>
/// <param name="Hyperparameters">Its hyperparameters, in order.</param>
/// <param name="Sources">The sources its steps read; the first is the clock of epochs.</param>
/// <param name="Samples">What it can draw.</param>
/// <param name="Evaluations">How it can be evaluated.</param>
/// <param name="SchemaHash">Changes whenever the program changes in a way that older checkpoints do not fit.</param>
/// <param name="Create">Makes a trainer from options in text form.</param>
/// <param name="Load">Makes a trainer from a checkpoint folder, with some options changed.</param>
/// <param name="HasMemory">Whether it has loops of flows that can be computed again instead of being kept, and so the option <see cref="Memory"/>.</param>
public sealed record TrainerDescriptor(
    string Name,
    string Doc,
    IReadOnlyList<HyperparameterInfo> Hyperparameters,
    IReadOnlyList<SourceInfo> Sources,
    IReadOnlyList<SampleInfo> Samples,
    IReadOnlyList<EvaluationInfo> Evaluations,
    string SchemaHash,
    Func<OptionBag, ITrainer> Create,
    Func<string, OptionBag, ITrainer> Load,
    bool HasMemory = false)
{
    /// <summary>The nets that arrive trained.</summary>
    public IReadOnlyList<string> Given { get; init; } = [];
}
