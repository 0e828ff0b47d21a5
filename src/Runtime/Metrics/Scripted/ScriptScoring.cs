using System.Collections.Generic;

namespace GenDsl.Runtime;

/// <summary>How pictures are shown to a net, and what is made of what it says.</summary>
/// <param name="Low">What it takes for the least value of a pixel.</param>
/// <param name="High">What it takes for the greatest.</param>
public sealed record ScriptScoring(double Low, double High)
{
    /// <summary>The channels, rows and columns that it takes; null to show pictures as they are.</summary>
    /// <remarks>Grey pictures are repeated for each channel, sizes are changed by bilinear interpolation.</remarks>
    public IReadOnlyList<long>? Input { get; init; }

    /// <summary>What its results are, in order; empty for a pair, of features and logits.</summary>
    public IReadOnlyList<ScriptOutput> Gives { get; init; } = [];

    /// <summary>Parts whose Inception scores are averaged; the paper's are 10.</summary>
    public int Splits { get; init; } = 10;

    /// <summary>Pictures at once.</summary>
    public int Batch { get; init; } = 50;
}
