using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// A pool of earlier samples: until it is full, what comes in is kept and comes out; from then on, each row stays out of it or changes
/// places with one of the pool, with equal chances (Shrivastava et al. 2017, arXiv:1612.07828). The rows of a batch come one after the other.
/// </summary>
public sealed class History
{
    private readonly Tensor _pool;
    private readonly Tensor _held;

    /// <summary>Makes an empty pool.</summary>
    /// <param name="name">Its name in checkpoints.</param>
    /// <param name="build">Where its tensors are made; their owner disposes them.</param>
    /// <param name="size">How many rows it holds.</param>
    /// <param name="shape">The shape of one row.</param>
    public History(string name, Build build, int size, params long[] shape)
    {
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        _pool = build.Buffer(name, StateRole.Pool, Initializer.Zeros, [size, .. shape]);
        _held = build.Buffer(name + ".held", StateRole.Counter, Initializer.Zeros, 1);
    }

    /// <summary>Puts rows in, and takes as many out; no gradient passes.</summary>
    /// <param name="x">[N, ...].</param>
    /// <param name="draws">Decides who changes places, and with whom.</param>
    /// <returns>[N, ...], a new tensor.</returns>
    public Tensor Swap(Tensor x, Draws draws)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var frozen = no_grad();
        if (InitialPass.IsActive)
        {
            return x.clone();
        }

        var (rows, size) = ((int)x.size(0), (int)_pool.size(0));
        using var chances = draws.Uniform(0, 1, rows, 2);
        using var onHost = chances.cpu();
        var chance = onHost.data<float>().ToArray();

        // Slots that an earlier row of this batch has taken.
        var taken = new Dictionary<int, int>();
        var from = new long[rows];
        var held = (int)_held.item<long>();
        for (var i = 0; i < rows; i++)
        {
            from[i] = size + i;
            if (held < size)
            {
                taken[held++] = i;
            }
            else if (chance[2 * i] < 0.5f)
            {
                var slot = Math.Min((int)(chance[2 * i + 1] * size), size - 1);
                from[i] = taken.TryGetValue(slot, out var row) ? size + row : slot;
                taken[slot] = i;
            }
        }

        using var all = cat([_pool, x], 0);
        using var order = tensor(from, device: x.device);
        var result = all.index_select(0, order);
        if (taken.Count > 0)
        {
            using var slots = tensor(taken.Keys.Select(slot => (long)slot).ToArray(), device: x.device);
            using var places = tensor(taken.Values.Select(row => (long)row).ToArray(), device: x.device);
            using var kept = x.index_select(0, places);
            _pool.index_copy_(0, slots, kept);
            _held.fill_(Held.Scalar(held));
        }

        return result;
    }
}
