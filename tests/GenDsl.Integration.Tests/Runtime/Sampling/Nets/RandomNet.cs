using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

/// <summary>A random graph of convolutions, shifts and sums at two rates; it may or may not be causal.</summary>
internal sealed class RandomNet : SampledNet
{
    public required int Seed { get; init; }

    private bool IsImage => Seed % 3 != 0;

    public override long[] Sites => IsImage ? [6, 5] : [17];

    public override long Channels => 1 + (Seed % 2);

    public override SiteDraw Draw => SiteDraws.Normal;

    public override Tensor Data() => Reals();

    public override T[] Text<T>(INetOps<T> ops)
    {
        var random = new Random(Seed);
        long[] fine = Sites, coarse = [.. Sites.Select(size => (size + 1) / 2)];
        List<(T Value, long Features, bool IsFine)> pool = [(ops.Shift(ops.Root, Offset(random, 1)), Channels, true)];
        for (var i = 0; i < 9; i++)
        {
            var (x, features, isFine) = pool[Math.Max(0, pool.Count - 1 - random.Next(3))];
            var sites = isFine ? fine : coarse;
            switch (random.Next(6))
            {
                case 0:
                    pool.Add((ops.Shift(x, Offset(random, random.Next(3))), features, isFine));
                    break;
                case 1:
                    // To the other rate.
                    pool.Add((Conv(ops, random, x, features, isFine ? coarse : fine, 2, !isFine, $"rate {i}"), 3, !isFine));
                    break;
                case 2 when pool.FindLast(other => other.Features == features && other.IsFine == isFine) is var (other, _, _):
                    pool.Add((ops.Map(SiteKernels.Add, x, other), features, isFine));
                    break;
                case 3 when pool.FindLast(other => other.IsFine == isFine) is var (other, more, _):
                    pool.Add((ops.Concat(x, ops.Map(SiteKernels.Tanh, other)), features + more, isFine));
                    break;
                default:
                    pool.Add((ops.Map(SiteKernels.Elu, Conv(ops, random, x, features, sites, 1, false, $"conv {i}")), 3, isFine));
                    break;
            }
        }

        // All that is at the root's rate, so that nothing is made in vain.
        var ends = pool.Where(item => item.IsFine).Skip(1).DefaultIfEmpty(pool[0]).ToArray();
        var all = ops.Concat([.. ends.Select(item => item.Value)]);
        long[] ones = [.. fine.Select(_ => 1L)];
        var mean = ops.Conv(all, W("mean", [Channels, ends.Sum(item => item.Features), .. ones]), null, ones, ones, [.. fine.Select(_ => 0L)], fine);
        return [mean, ops.Constant(W("std", [1, 1, .. ones]).fill_(0.5))];
    }

    private T Conv<T>(INetOps<T> ops, Random random, T x, long features, long[] sites, long stride, bool transposed, string name)
    {
        long[] kernel = [.. sites.Select(_ => transposed ? 4L : 1 + random.Next(3))];
        long[] dilation = [.. sites.Select(_ => transposed ? 1L : 1 + random.Next(2))];

        // Mostly looking back.
        long[] before = [.. kernel.Zip(dilation, (k, d) => transposed ? random.Next(2) : (d * (k - 1)) + (random.Next(6) == 0 ? -1 : random.Next(2)))];
        long[] shape = transposed ? [features, 3, .. kernel] : [3, features, .. kernel];
        return ops.Conv(x, W(name, shape), W(name + " bias", 3), [.. sites.Select(_ => stride)], dilation, before, sites, transposed);
    }

    // Along one axis of an image; the last of few columns more often.
    private long[] Offset(Random random, long amount) => !IsImage ? [amount] : random.Next(2) == 0 ? [0, amount] : [amount, 0];
}
