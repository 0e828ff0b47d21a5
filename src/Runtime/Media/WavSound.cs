namespace GenDsl.Runtime.Media;

/// <summary>A sound of one channel.</summary>
/// <param name="Samples">16-bit samples, 32,768 to one.</param>
/// <param name="Rate">Samples per second.</param>
public sealed record WavSound(short[] Samples, int Rate);
