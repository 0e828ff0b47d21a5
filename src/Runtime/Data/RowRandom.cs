using System;

namespace GenDsl.Runtime.Data;

/// <summary>
/// The random numbers of one row: a splitmix64 stream that depends on a key and the row only, so rows can be made in any order and on any thread.
/// The values are part of the data sets: never change them.
/// </summary>
internal struct RowRandom(ulong key, long row)
{
    private const ulong Gamma = 0x9E3779B97F4A7C15UL;

    private ulong _state = Mix(key + (ulong)row * Gamma);

    /// <summary>A key from a seed and the name of what is drawn (FNV-1a).</summary>
    public static ulong Key(ulong seed, string site)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var character in site)
        {
            hash = (hash ^ character) * 0x100000001B3UL;
        }

        return Mix(hash ^ Mix(seed));
    }

    public ulong Next() => Mix(_state += Gamma);

    /// <summary>Uniform in [0, 1).</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Between(double low, double high) => low + Unit() * (high - low);

    /// <summary>Uniform in 0 .. <paramref name="count"/> - 1.</summary>
    public int Below(int count) => (int)(((Next() >> 32) * (ulong)count) >> 32);

    /// <summary>Standard normal (Box and Muller 1958).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Unit())) * Math.Cos(2 * Math.PI * Unit());

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
