using System.Collections.Generic;

namespace GenDsl.Runtime;

/// <summary>Something a trainer can draw samples of.</summary>
/// <param name="Name">Its name in the program.</param>
/// <param name="Space">The space of its samples.</param>
public sealed record SampleInfo(string Name, SpaceInfo Space)
{
    /// <summary>What the samples are drawn for, such as a class for each row.</summary>
    public IReadOnlyList<ColumnBinding> Conditions { get; init; } = [];

    /// <summary>Sizes that may be asked for, such as the length of a sound.</summary>
    public IReadOnlyList<string> Sizes { get; init; } = [];

    /// <summary>Other numbers that may be asked for, such as how far a latent is cut off.</summary>
    public IReadOnlyList<string> Numbers { get; init; } = [];

    /// <summary>True where they can be drawn colder or hotter.</summary>
    public bool HasTemperature { get; init; }
}
