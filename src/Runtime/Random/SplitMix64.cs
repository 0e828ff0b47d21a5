namespace GenDsl.Runtime;

/// <summary>
/// The generator splitmix64 (Steele, Lea and Flood 2014): a state grows by <see cref="Gamma"/>, and its finalizer makes a number of it. What is
/// drawn so is part of data sets and checkpoints: never change it.
/// </summary>
internal static class SplitMix64
{
    /// <summary>What a state grows by.</summary>
    public const ulong Gamma = 0x9E3779B97F4A7C15;

    /// <summary>The finalizer: the number of a state.</summary>
    public static ulong Mix(ulong state)
    {
        unchecked
        {
            state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
            return state ^ (state >> 31);
        }
    }
}
