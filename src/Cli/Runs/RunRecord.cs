using System;
using System.Collections.Generic;

namespace GenDsl.Cli.Runs;

/// <summary>Everything that a run is made of beside its text: what is needed to resume, sample and evaluate it.</summary>
internal sealed record RunRecord
{
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    /// <summary>The model's name: that of its file.</summary>
    public required string Name { get; init; }

    /// <summary>The trainer.</summary>
    public required string Entry { get; init; }

    /// <summary>The data of each source, as DataSets.Open takes it.</summary>
    public required IReadOnlyDictionary<string, string> Data { get; init; }

    /// <summary>The data of sources of evaluations that were given some, and so run on the way.</summary>
    public IReadOnlyDictionary<string, string> Watched { get; init; } = new Dictionary<string, string>();

    /// <summary>All options of the trainer, defaults included.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    public required Length Length { get; init; }

    /// <summary>The threads of one tensor operation.</summary>
    public required int Threads { get; init; }

    /// <summary>The SHA-256 of each assembly whose functions the program calls, by its path.</summary>
    public IReadOnlyDictionary<string, string> Ops { get; init; } = new Dictionary<string, string>();

    /// <summary>The command line that started it.</summary>
    public required string Command { get; init; }

    public required DateTime Started { get; init; }

    public string GenDsl { get; init; } = Versions.GenDsl;

    public string TorchSharp { get; init; } = Versions.TorchSharp;
}
