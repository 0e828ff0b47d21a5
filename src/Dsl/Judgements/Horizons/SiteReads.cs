using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Judgements.Horizons;

/// <summary>Which sites of an input a site of a result reads, at known sizes, clipped to the input. Features are not told apart.</summary>
internal static class SiteReads
{
    public static Func<long[], IEnumerable<long[]>> Of(Access access, ImmutableArray<Dim> inputShape, ReachNode input, ReachNode result)
    {
        // What is written in rows on one side and along a line on the other: the same number in row-major order.
        if (input.Sites.Length != result.Sites.Length)
        {
            return access is RearrangeAccess && input.Count == result.Count ? site => [input.SiteAt(result.IndexOf(site))] : _ => input.All();
        }

        return access switch
        {
            TapsAccess taps => TapsOf(taps, inputShape, input, result),
            ScanAccess => site => Product(input, (i, size) => IsCarried(input, result, i) ? Range(0, site[i]) : Range(0, size - 1)),
            ClassesAccess classes => site => Product(input, (i, size) => Range(0, Math.Min(size - 1, classes.IsStrict ? site[i] - 1 : site[i]))),
            _ => site => Product(input, (i, size) => IsCarried(input, result, i) ? [size == 1 ? 0 : site[i]] : Range(0, size - 1)),
        };
    }

    private static Func<long[], IEnumerable<long[]>> TapsOf(TapsAccess taps, ImmutableArray<Dim> shape, ReachNode input, ReachNode result)
    {
        int first = shape.Length - taps.Axes.Length;
        int[] axes = [.. Enumerable.Range(0, input.Sites.Length).Select(i => IsCarried(input, result, i) && input.Horizon.Carriers[i] is { } c && c.Axis >= first ? c.Axis - first : -1)];
        bool hasCentre = taps.Mask is not { IsStrict: true, Classes.Value: 1 };
        return site => Masked(site);

        IEnumerable<long[]> Masked(long[] site)
        {
            foreach ((long[] Site, long[] Tap) read in Combined(site))
            {
                int sign = taps.Mask is null ? -1 : read.Tap.Select(t => Math.Sign(t)).FirstOrDefault(t => t != 0);
                if (sign < 0 || (sign == 0 && hasCentre))
                {
                    yield return read.Site;
                }
            }
        }

        // Every tap of every axis; an axis that the order does not know has no sites here.
        IEnumerable<(long[] Site, long[] Tap)> Combined(long[] site)
        {
            IEnumerable<(ImmutableArray<long> Site, ImmutableArray<long> Tap)> all = [([], [])];
            for (int i = 0; i < input.Sites.Length; i++)
            {
                int axis = i;
                IEnumerable<(long Site, long Tap)> own = axes[i] < 0
                    ? Range(0, input.Sites[i] - 1).Select(s => (s, 0L))
                    : Offsets(taps.Axes[axes[i]], site[axis], input.Sites[axis]);
                List<(long Site, long Tap)> known = [.. own];
                all = [.. all.SelectMany(a => known.Select(o => (a.Site.Add(o.Site), a.Tap.Add(o.Tap))))];
            }

            return all.Select(a => (a.Site.ToArray(), a.Tap.ToArray()));
        }
    }

    private static IEnumerable<(long Site, long Tap)> Offsets(AxisTaps axis, long own, long size)
    {
        (long stride, long kernel, long dilation, long before) = (axis.Stride.Value!.Value, axis.Kernel.Value!.Value, axis.Dilation.Value!.Value, axis.Before.Value!.Value);
        for (long k = 0; k < kernel; k++)
        {
            long offset = (k * dilation) - before;
            long at = axis.IsTransposed ? own - offset : (own * stride) + offset;
            bool isSite = !axis.IsTransposed || at % stride == 0;
            long read = axis.IsTransposed ? at / stride : at;
            if (isSite && at >= 0 && read < size)
            {
                yield return (read, offset);
            }
        }
    }

    private static bool IsCarried(ReachNode input, ReachNode result, int axis) => input.Horizon.Carriers[axis] is not null && result.Horizon.Carriers[axis] is not null;

    private static IEnumerable<long> Range(long first, long last)
    {
        for (long i = first; i <= last; i++)
        {
            yield return i;
        }
    }

    private static IEnumerable<long[]> Product(ReachNode input, Func<int, long, IEnumerable<long>> along)
    {
        IEnumerable<ImmutableArray<long>> all = [[]];
        for (int i = 0; i < input.Sites.Length; i++)
        {
            List<long> own = [.. along(i, input.Sites[i])];
            all = [.. all.SelectMany(a => own.Select(a.Add))];
        }

        return all.Select(a => a.ToArray());
    }
}
