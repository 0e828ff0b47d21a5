namespace GenDsl.Runtime;

/// <summary>A net of a trainer.</summary>
/// <param name="Name">Its name in the program.</param>
/// <param name="State">Its tensors, by names relative to it.</param>
public sealed record NamedNet(string Name, StateTable State);
