using System;

namespace GenDsl.Runtime.Data;

/// <summary>
/// The random numbers of one row: a <see cref="SplitMix64"/> stream that depends on a key and the row only, so rows can be made in any order and on any thread.
/// The values are part of the data sets: never change them.
/// </summary>
internal struct RowRandom(ulong key, long row)
{
    private ulong _state = SplitMix64.Mix(key + (ulong)row * SplitMix64.Gamma);

    /// <summary>A key from a seed and the name of what is drawn (FNV-1a).</summary>
    public static ulong Key(ulong seed, string site)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var character in site)
        {
            hash = (hash ^ character) * 0x100000001B3UL;
        }

        return SplitMix64.Mix(hash ^ SplitMix64.Mix(seed));
    }

    public ulong Next() => SplitMix64.Mix(_state += SplitMix64.Gamma);

    /// <summary>Uniform in [0, 1).</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Between(double low, double high) => low + Unit() * (high - low);

    /// <summary>Uniform in 0 .. <paramref name="count"/> - 1.</summary>
    public int Below(int count) => (int)(((Next() >> 32) * (ulong)count) >> 32);

    /// <summary>Standard normal (Box and Muller 1958).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Unit())) * Math.Cos(2 * Math.PI * Unit());
}
