using System;
using System.Collections.Generic;
using System.Linq;

namespace GenDsl.Runtime.Data;

/// <summary>Draws among many values by their weights in constant time (Walker 1977; the table as by Vose 1991).</summary>
internal sealed class AliasTable
{
    private readonly double[] _own;
    private readonly int[] _other;

    /// <summary>Makes the table.</summary>
    /// <param name="weights">0 or above, at least one above 0.</param>
    public AliasTable(double[] weights)
    {
        double mean = weights.Sum() / weights.Length;
        _own = [.. weights.Select(weight => weight / mean)];
        _other = [.. Enumerable.Range(0, weights.Length)];

        // Each value below the mean is filled up by one above it.
        Stack<int> below = new(), above = new();
        for (int i = 0; i < weights.Length; i++)
        {
            (_own[i] < 1 ? below : above).Push(i);
        }

        while (below.Count > 0 && above.Count > 0)
        {
            (int few, int many) = (below.Pop(), above.Pop());
            _other[few] = many;
            _own[many] -= 1 - _own[few];
            (_own[many] < 1 ? below : above).Push(many);
        }

        // What is left is 1 but for rounding.
        foreach (int i in below.Concat(above))
        {
            _own[i] = 1;
        }
    }

    /// <summary>A value, each with its share of the weights.</summary>
    public int Next(ref RowRandom random)
    {
        int i = random.Below(_own.Length);
        return random.Unit() < _own[i] ? i : _other[i];
    }
}
