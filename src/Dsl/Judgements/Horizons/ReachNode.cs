using System;
using System.Collections.Generic;
using GenDsl.Dsl.Ir.Horizons;

namespace GenDsl.Dsl.Judgements.Horizons;

/// <summary>A value at known sizes, in one round of one call: its sites, and which sites of other values each reads.</summary>
/// <param name="horizon">Which axes carry the order.</param>
/// <param name="sites">Sizes by site axis of the order; 1 for an axis that the value does not carry.</param>
internal sealed class ReachNode(Horizon horizon, long[] sites)
{
    /// <summary>Which axes carry the order.</summary>
    public Horizon Horizon { get; } = horizon;

    /// <summary>Sizes by site axis of the order.</summary>
    public long[] Sites { get; } = sites;

    /// <summary>Number of sites.</summary>
    public long Count
    {
        get
        {
            long count = 1;
            foreach (long size in Sites)
            {
                count *= size;
            }

            return count;
        }
    }

    /// <summary>What a site reads, by input.</summary>
    public List<(ReachNode Input, Func<long[], IEnumerable<long[]>> Reads)> Inputs { get; } = [];

    /// <summary>The number of a site, row by row.</summary>
    public long IndexOf(long[] site)
    {
        long index = 0;
        for (int i = 0; i < Sites.Length; i++)
        {
            index = (index * Sites[i]) + site[i];
        }

        return index;
    }

    /// <summary>The site of a number.</summary>
    public long[] SiteAt(long index)
    {
        var site = new long[Sites.Length];
        for (int i = Sites.Length - 1; i >= 0; i--)
        {
            site[i] = index % Sites[i];
            index /= Sites[i];
        }

        return site;
    }

    /// <summary>All sites.</summary>
    public IEnumerable<long[]> All()
    {
        for (long i = 0; i < Count; i++)
        {
            yield return SiteAt(i);
        }
    }
}
