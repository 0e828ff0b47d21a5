using System;
using System.Text;

namespace GenDsl.Runtime;

/// <summary>
/// Mixes addresses into 64-bit keys: FNV-1a for names, a step of <see cref="SplitMix64"/> for everything.
/// The values are part of the format of checkpoints and must never change.
/// </summary>
internal static class DrawKey
{
    private const ulong RootTag = 0x47656E44736C3031;
    private const ulong SiteTag = SplitMix64.Gamma;
    private const ulong IndexTag = 0xD1B54A32D192ED03;

    public static ulong Root(ulong seed) => Mix(seed ^ RootTag);

    public static ulong Site(ulong key, string site)
    {
        ArgumentNullException.ThrowIfNull(site);
        return Mix(key ^ Mix(Fnv1a(site) + SiteTag));
    }

    public static ulong Index(ulong key, long index) => Mix(key ^ Mix(unchecked((ulong)index * SiteTag) + IndexTag));

    private static ulong Fnv1a(string text)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            hash = unchecked((hash ^ value) * 0x100000001B3);
        }

        return hash;
    }

    private static ulong Mix(ulong value) => SplitMix64.Mix(unchecked(value + SplitMix64.Gamma));
}
