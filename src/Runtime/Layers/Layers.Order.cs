using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Fixed orders of numbers, and where sites stand.</content>
public static partial class Layers
{
    /// <summary>The numbers of the last axis in a fixed random order: number i of the result is number p(i) of <paramref name="x"/>.</summary>
    /// <param name="x">Shape <c>[..., d]</c>.</param>
    /// <param name="seed">With the size, it fixes the order: on every machine the same.</param>
    public static Tensor Shuffle(Tensor x, long seed)
    {
        using var order = tensor(Permutation(x.size(-1), seed), device: x.device);
        return x.index_select(-1, order);
    }

    /// <summary>Undoes <see cref="Shuffle"/>.</summary>
    /// <param name="x">Shape <c>[..., d]</c>.</param>
    /// <param name="seed">The seed it was shuffled with.</param>
    public static Tensor Unshuffle(Tensor x, long seed)
    {
        var order = Permutation(x.size(-1), seed);
        var inverse = new long[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            inverse[order[i]] = i;
        }

        using var back = tensor(inverse, device: x.device);
        return x.index_select(-1, back);
    }

    /// <summary>Where every site stands, from -1 (first) to 1 (last); 0 on an axis of one site. One copy for all rows.</summary>
    /// <param name="x">Shape <c>[..., sites...]</c>; its type, if real, is the result's.</param>
    /// <param name="axes">Number of site axes, 1 or 2.</param>
    /// <param name="hasRows">Whether the first axis is the batch.</param>
    /// <returns>Shape <c>[n, 1, t]</c>, or <c>[n, 2, h, w]</c> with row and column; without <c>n</c> where there are no rows.</returns>
    public static Tensor Positions(Tensor x, int axes, bool hasRows)
    {
        long[] sites = x.shape[^axes..];
        var places = SitePositions(sites, x.is_floating_point() ? x.dtype : ScalarType.Float32, x.device);
        if (!hasRows)
        {
            return places;
        }

        using (places)
        {
            return places.expand([x.size(0), axes, .. sites]);
        }
    }

    /// <summary>Where every site of a grid stands, from -1 to 1.</summary>
    /// <param name="sites">One or two sizes.</param>
    /// <param name="type">f32 or f64.</param>
    /// <param name="device">Where the result lives.</param>
    /// <returns>Shape <c>[1, t]</c>, or <c>[2, h, w]</c> with row and column.</returns>
    public static Tensor SitePositions(long[] sites, ScalarType type, Device device)
    {
        ArgumentNullException.ThrowIfNull(sites);
        using var last = Line(sites[^1], type, device);
        if (sites.Length == 1)
        {
            return last.unsqueeze(0);
        }

        using var first = Line(sites[0], type, device);
        using var column = first.unsqueeze(-1);
        using var rows = column.expand(sites);
        using var columns = last.expand(sites);
        return stack([rows, columns]);
    }

    private static Tensor Line(long size, ScalarType type, Device device) =>
        size == 1 ? zeros(1, type, device) : linspace(-1, 1, size, type, device);

    // Fisher and Yates, on the numbers of SplitMix64. Part of what a checkpoint means: never change it.
    private static long[] Permutation(long size, long seed)
    {
        var order = new long[size];
        var state = unchecked((ulong)seed);
        for (var i = 0; i < order.Length; i++)
        {
            state = unchecked(state + SplitMix64.Gamma);

            // A whole number below i + 1, from the high half of a product.
            var other = (int)Math.BigMul(SplitMix64.Mix(state), (ulong)(i + 1), out _);
            order[i] = order[other];
            order[other] = i;
        }

        return order;
    }
}
