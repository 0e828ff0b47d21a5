using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Tests.Judgements;

/// <summary>Which numbers of which input one number of a result of an operation reads, at known sizes, from what the operation is.</summary>
internal sealed class ReferenceReads(CatalogOp op, long[][] inputs, IReadOnlyDictionary<string, long> at)
{
    private readonly Dictionary<(int Axis, long Own), (long Site, int Sign)[]> _along = [];

    /// <summary>True where all features of a site read the same.</summary>
    public bool AreFeaturesAlike => op.Access is FeatureAccess or ScanAccess or EverythingAccess or TapsAccess { IsPerFeature: false, Mask: null };

    public static long Size(Dim dim, IReadOnlyDictionary<string, long> at) =>
        dim.Substitute(v => at.TryGetValue(v.Name, out long known) ? Dim.Constant(known) : null).Value ?? throw new InvalidOperationException($"The reference does not know {dim}.");

    /// <summary>What number <paramref name="index"/> of a result reads.</summary>
    public IEnumerable<(int Input, int Index)> Of(long[] shape, int index, int output)
    {
        long[] place = Place(index, shape);
        long[] from = inputs.FirstOrDefault() ?? [];
        switch (op.Access)
        {
            case PointwiseAccess:
                return inputs.Select((s, i) => (i, Index(s.Length == 0 ? [] : [.. place.Zip(s, (p, size) => size == 1 ? 0 : p)], s)));
            case FeatureAccess:
                return inputs.SelectMany((s, i) => Range(s[0]).Select(f => (i, Index([f, .. place.Skip(1)], s))));
            case ScanAccess:
                return Range(from[0]).SelectMany(f => Range(place[1] + 1).Select(t => (0, Index([f, t], from))));
            case ClassesAccess classes:
                return Classes(classes, from[0], place[0], shape[0]).Select(k => (0, (int)k));
            case TapsAccess taps:
                return Taps(taps, from, shape, place).Select(i => (0, i));
            case RearrangeAccess { Kind: Rearrangement.Chunk }:
                // Gates compute one result from all parts; chunk itself has a result for each.
                return Range(op.Outputs.Length == 1 ? from[0] / shape[0] : 1).Select(p => (0, Index([place[0] + ((output + p) * shape[0]), .. place.Skip(1)], from)));
            case RearrangeAccess { Kind: Rearrangement.Concat }:
                return Concat(place);
            case RearrangeAccess { Kind: Rearrangement.Reshape or Rearrangement.Raster }:
                return [(0, index)];
            case RearrangeAccess { Kind: Rearrangement.Shuffle }:
                return [(0, Index([.. place.Take(place.Length - 1), Shuffled(from[^1])[place[^1]]], from))];
            case RearrangeAccess { Kind: Rearrangement.Embed }:
                return [(0, from.Length < 2 ? Index([.. place.Skip(1)], from) : Index([place[0] % from[0], .. place.Skip(1)], from))];
            case NothingAccess:
                return [];
            case EverythingAccess:
                return inputs.SelectMany((s, i) => Enumerable.Range(0, ReferenceReach.Count(s)).Select(k => (i, k)));
            default:
                throw new NotSupportedException($"The reference has no case for {op.Access} of '{op.Operation.Name}'.");
        }
    }

    // Several tensors behind one another; with one, what the operation puts behind it.
    private IEnumerable<(int Input, int Index)> Concat(long[] place)
    {
        if (inputs.Length == 1)
        {
            long features = inputs[0][0];
            return op.Operation.Name switch
            {
                "concat_elu" => [(0, Index([place[0] % features, .. place.Skip(1)], inputs[0]))],
                "append_ones" => place[0] < features ? [(0, Index(place, inputs[0]))] : [],
                _ => throw new NotSupportedException($"The reference does not know what '{op.Operation.Name}' joins."),
            };
        }

        long feature = place[0];
        int part = 0;
        while (feature >= inputs[part][0])
        {
            feature -= inputs[part++][0];
        }

        return [(part, Index([feature, .. place.Skip(1)], inputs[part]))];
    }

    // Variables stand for themselves; hidden features are in one class fewer, but in as many where their layer was strict.
    private IEnumerable<long> Classes(ClassesAccess access, long features, long feature, long count)
    {
        long order = Size(access.Order, at);
        long given = op.Inputs[0].Type.Classes is { } classes ? Size(classes, at) : order;
        long own = Class(feature, count, access.IsStrict ? order : Math.Max(order - 1, 1));
        return Range(features).Where(k => Class(k, features, given) is var c && (access.IsStrict ? c < own : c <= own));
    }

    private IEnumerable<int> Taps(TapsAccess taps, long[] from, long[] shape, long[] place)
    {
        int first = from.Length - taps.Axes.Length;
        IEnumerable<(ImmutableArray<long> Site, int Sign)> sites = [(ImmutableArray<long>.Empty, 0)];
        for (int a = 0; a < taps.Axes.Length; a++)
        {
            if (!_along.TryGetValue((a, place[first + a]), out (long Site, int Sign)[]? along))
            {
                along = _along[(a, place[first + a])] = [.. Along(taps.Axes[a], place[first + a], from[first + a])];
            }

            sites = [.. sites.SelectMany(s => along.Select(r => (s.Site.Add(r.Site), s.Sign != 0 ? s.Sign : r.Sign)))];
        }

        foreach ((ImmutableArray<long> site, int sign) in sites)
        {
            if (first == 0)
            {
                yield return Index([.. site], from);
                continue;
            }

            for (long f = 0; f < from[0]; f++)
            {
                bool isRead = !taps.IsPerFeature || f == place[0];
                if (taps.Mask is { } mask)
                {
                    long classes = Size(mask.Classes, at);
                    (long read, long own) = (Class(f, from[0], classes), Class(place[0], shape[0], classes));
                    isRead = sign < 0 || (sign == 0 && (mask.IsStrict ? read < own : read <= own));
                }

                if (isRead)
                {
                    yield return Index([f, .. site], from);
                }
            }
        }
    }

    // The sites that one site reads along one axis, and whether they come before the centre, at it, or behind it.
    private IEnumerable<(long Site, int Sign)> Along(AxisTaps axis, long own, long size)
    {
        (long stride, long kernel, long dilation, long before) = (Size(axis.Stride, at), Size(axis.Kernel, at), Size(axis.Dilation, at), Size(axis.Before, at));
        for (long k = 0; k < kernel; k++)
        {
            // A transposed convolution adds input I, tap k to result stride * I + k * dilation - before.
            long numerator = own + before - (k * dilation);
            (bool fits, long site) = axis.IsTransposed ? (numerator % stride == 0, numerator / stride) : (true, (own * stride) + (k * dilation) - before);
            if (fits && site >= 0 && site < size)
            {
                yield return (site, Math.Sign((k * dilation) - before));
            }
        }
    }

    // Which order a seed gives does not matter, so long as it is the same one everywhere and not the order that was.
    private long[] Shuffled(long size)
    {
        long[] order = [.. Range(size)];
        if (op.Operation.Name == "reverse")
        {
            Array.Reverse(order);
        }
        else
        {
            new Random(17).Shuffle(order);
        }

        return order;
    }

    private static long Class(long feature, long features, long classes) => features < classes ? feature * classes / features : feature % classes;

    private static IEnumerable<long> Range(long count)
    {
        for (long i = 0; i < count; i++)
        {
            yield return i;
        }
    }

    private static long[] Place(int index, long[] shape)
    {
        var place = new long[shape.Length];
        for (int a = shape.Length - 1; a >= 0; a--)
        {
            place[a] = index % shape[a];
            index = (int)(index / shape[a]);
        }

        return place;
    }

    private static int Index(long[] place, long[] shape)
    {
        long index = 0;
        for (int a = 0; a < shape.Length; a++)
        {
            if (place.Length != shape.Length || place[a] < 0 || place[a] >= shape[a])
            {
                throw new InvalidOperationException($"[{string.Join(", ", place)}] is no place of [{string.Join(", ", shape)}].");
            }

            index = (index * shape[a]) + place[a];
        }

        return (int)index;
    }
}
