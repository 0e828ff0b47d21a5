namespace GenDsl.Runtime;

/// <summary>Something a trainer can draw samples of.</summary>
/// <param name="Name">Its name in the program.</param>
/// <param name="Space">The space of its samples.</param>
public sealed record SampleInfo(string Name, SpaceInfo Space);
