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

        // The row of the batch that a slot holds from now on; the row of the batch, or the slot, that comes out in place of each.
        var taken = new Dictionary<long, long>();
        var outgoing = new long[rows];
        var old = new Dictionary<long, long>();
        var held = _held.item<long>();
        for (var i = 0; i < rows; i++)
        {
            outgoing[i] = i;
            if (held < size)
            {
                taken[held++] = i;
            }
            else if (chance[2 * i] < 0.5f)
            {
                var slot = Math.Min((long)(chance[2 * i + 1] * size), size - 1);
                if (taken.TryGetValue(slot, out var row))
                {
                    outgoing[i] = row;
                }
                else
                {
                    old[i] = slot;
                }

                taken[slot] = i;
            }
        }

        var result = Rows(x, outgoing);
        if (old.Count > 0)
        {
            Put(result, old.Keys, _pool, old.Values);
        }

        if (taken.Count > 0)
        {
            Put(_pool, taken.Keys, x, taken.Values);
            using Scalar count = held;
            _held.fill_(count);
        }

        return result;
    }

    private static Tensor Rows(Tensor x, long[] places)
    {
        using var index = tensor(places, device: x.device);
        return x.index_select(0, index);
    }

    private static void Put(Tensor target, IEnumerable<long> places, Tensor from, IEnumerable<long> rows)
    {
        using var values = Rows(from, [.. rows]);
        using var index = tensor(places.ToArray(), device: target.device);
        target.index_copy_(0, index, values);
    }
}
