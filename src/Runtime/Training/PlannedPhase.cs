namespace GenDsl.Runtime;

/// <summary>A phase of a plan.</summary>
/// <param name="Name">Its name in the program.</param>
/// <param name="Clock">The source whose passes are its epochs; null where it reads no data.</param>
/// <param name="Length">How long it is; null for the last one where the run says it.</param>
public sealed record PlannedPhase(string Name, string? Clock, RunLength? Length)
{
    /// <summary>Its place in the text, where phases come again; -1 where each comes once.</summary>
    public int Place { get; init; } = -1;
}
