using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Tests.Judgements;

/// <summary>
/// The dependencies of every number of every value on every number of the root, computed one by one: what the horizon
/// algebra is measured against. Knows nothing of it.
/// </summary>
internal sealed class ReferenceReach(IReadOnlyDictionary<string, long> sizes)
{
    private readonly Dictionary<IrValue, ulong[][]> _values = [];

    /// <summary>Runs a body on a root, whose numbers know themselves.</summary>
    public ReferenceReach Run(IrBlock block, IrValue root)
    {
        int count = Count(Shape(root));
        int words = (count + 63) / 64;
        _values[root] = [.. Enumerable.Range(0, count).Select(i =>
        {
            var self = new ulong[words];
            self[i / 64] = 1UL << (i % 64);
            return self;
        })];
        Words = words;
        Walk(block, sizes);
        return this;
    }

    private int Words { get; set; }

    /// <summary>The numbers of the root that number <paramref name="index"/> of a value depends on.</summary>
    public IEnumerable<int> Of(IrValue value, int index) =>
        Enumerable.Range(0, Words * 64).Where(i => (_values[value][index][i / 64] >> (i % 64) & 1) == 1);

    public long[] Shape(IrValue value) => Shape(value, sizes);

    public static int Count(long[] shape) => (int)shape.Aggregate(1L, (a, b) => a * b);

    private static long[] Shape(IrValue value, IReadOnlyDictionary<string, long> at) => [.. value.Type.Shape.Select(d => Size(d, at))];

    private static long Size(Dim dim, IReadOnlyDictionary<string, long> at) =>
        dim.Substitute(v => at.TryGetValue(v.Name, out long known) ? Dim.Constant(known) : null).Value!.Value;

    private void Walk(IrBlock block, IReadOnlyDictionary<string, long> at)
    {
        foreach (IrStatement statement in block.Statements)
        {
            switch (statement)
            {
                case IrOpStatement { Op: CatalogOp op }:
                    Compute(op, at);
                    break;
                case IrFor loop:
                    foreach (LoopCarried carried in loop.Carried)
                    {
                        _values[carried.Round] = _values[carried.Initial];
                    }

                    for (long i = Size(loop.Index.From, at); i < Size(loop.Index.To, at); i++)
                    {
                        Walk(loop.Body, new Dictionary<string, long>(at) { [loop.Index.Variable.Name] = i });
                        ulong[][][] next = [.. loop.Carried.Select(c => _values[c.Next])];
                        for (int k = 0; k < next.Length; k++)
                        {
                            _values[loop.Carried[k].Round] = next[k];
                        }
                    }

                    foreach (LoopCarried carried in loop.Carried)
                    {
                        _values[carried.Result] = _values[carried.Round];
                    }

                    break;
            }
        }
    }

    private void Compute(CatalogOp op, IReadOnlyDictionary<string, long> at)
    {
        long[][] inputs = [.. op.Inputs.Select(i => Shape(i, at))];
        for (int o = 0; o < op.Outputs.Length; o++)
        {
            long[] shape = Shape(op.Outputs[o], at);
            var result = new ulong[Count(shape)][];
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = new ulong[Words];
                long[] place = Place(i, shape);
                foreach ((int input, int index) in Reads(op, inputs, shape, place, o, at))
                {
                    ulong[] read = _values[op.Inputs[input]][index];
                    for (int w = 0; w < Words; w++)
                    {
                        result[i][w] |= read[w];
                    }
                }
            }

            _values[op.Outputs[o]] = result;
        }
    }

    // Which numbers of which input one number of a result reads.
    private static IEnumerable<(int Input, int Index)> Reads(CatalogOp op, long[][] inputs, long[] shape, long[] place, int output, IReadOnlyDictionary<string, long> at)
    {
        long[] from = inputs[0];
        switch (op.Access)
        {
            case PointwiseAccess:
                return inputs.Select((s, i) => (i, Index([.. place.Zip(s, (p, size) => size == 1 ? 0 : p)], s)));
            case FeatureAccess:
                return inputs.SelectMany((s, i) => Range(s[0]).Select(f => (i, Index([f, .. place.Skip(1)], s))));
            case ScanAccess:
                return Range(from[0]).SelectMany(f => Range(place[1] + 1).Select(t => (0, Index([f, t], from))));
            case ClassesAccess classes:
                long order = Size(classes.Order, at);
                long hidden = Math.Max(order - 1, 1);
                long inputClasses = op.Inputs[0].Type.Order is null ? order : hidden;
                long own = Class(place[0], shape[0], classes.IsStrict ? order : hidden);
                return Range(from[0]).Where(k => Class(k, from[0], inputClasses) is var c && (classes.IsStrict ? c < own : c <= own)).Select(k => (0, (int)k));
            case TapsAccess taps:
                return Taps(taps, from, shape, place, at).Select(i => (0, i));
            case RearrangeAccess { Kind: Rearrangement.Chunk }:
                return [(0, Index([place[0] + (output * shape[0]), .. place.Skip(1)], from))];
            case RearrangeAccess { Kind: Rearrangement.Concat }:
                long feature = place[0];
                int part = 0;
                while (feature >= inputs[part][0])
                {
                    feature -= inputs[part++][0];
                }

                return [(part, Index([feature, .. place.Skip(1)], inputs[part]))];
            case RearrangeAccess { Kind: Rearrangement.Reshape or Rearrangement.Raster }:
                return [(0, Index(place, shape))];
            case RearrangeAccess { Kind: Rearrangement.Embed }:
                return [(0, from.Length == 1 ? (int)place[1] : Index([place[0] % from[0], .. place.Skip(1)], from))];
            case NothingAccess:
                return [];
            default:
                return inputs.SelectMany((s, i) => Enumerable.Range(0, Count(s)).Select(k => (i, k)));
        }
    }

    private static IEnumerable<int> Taps(TapsAccess taps, long[] from, long[] shape, long[] place, IReadOnlyDictionary<string, long> at)
    {
        int first = from.Length - taps.Axes.Length;
        IEnumerable<(ImmutableArray<long> Site, int Sign)> sites = [(ImmutableArray<long>.Empty, 0)];
        for (int a = 0; a < taps.Axes.Length; a++)
        {
            AxisTaps axis = taps.Axes[a];
            (long stride, long kernel, long dilation, long before) = (Size(axis.Stride, at), Size(axis.Kernel, at), Size(axis.Dilation, at), Size(axis.Before, at));
            long own = place[first + a];
            long size = from[first + a];
            sites = [.. sites.SelectMany(s => Range(kernel).Select(k =>
            {
                // A transposed convolution adds input I, tap k to result stride * I + k * dilation - before.
                long numerator = own + before - (k * dilation);
                (bool Fits, long Site) read = axis.IsTransposed ? (numerator % stride == 0, numerator / stride) : (true, (own * stride) + (k * dilation) - before);
                int sign = s.Sign != 0 ? s.Sign : Math.Sign((k * dilation) - before);
                return (read.Fits && read.Site >= 0 && read.Site < size, Site: s.Site.Add(read.Site), sign);
            })).Where(r => r.Item1).Select(r => (r.Site, r.sign))];
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
            index = (index * shape[a]) + place[a];
        }

        return (int)index;
    }
}
