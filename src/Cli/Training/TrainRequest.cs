using System.Collections.Generic;
using GenDsl.Cli.Runs;

namespace GenDsl.Cli.Training;

/// <summary>What the command line of <c>train</c> says; null and empty where it says nothing.</summary>
internal sealed record TrainRequest
{
    public string? Program { get; init; }

    public IReadOnlyList<string> Data { get; init; } = [];

    public Length? Length { get; init; }

    /// <summary>Options of the trainer by name, those with a switch of their own included.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    public int? Threads { get; init; }

    public string? Entry { get; init; }

    /// <summary>Assemblies whose functions the program calls.</summary>
    public IReadOnlyList<string> Ops { get; init; } = [];

    public string? Out { get; init; }

    /// <summary>The command line, to be repeated.</summary>
    public string Command { get; init; } = "";
}
