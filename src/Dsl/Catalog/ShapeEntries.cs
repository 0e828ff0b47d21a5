using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Functions that move numbers without computing, and the change of range.</summary>
internal static class ShapeEntries
{
    private static readonly OperationParameter X = new("x", ParameterKind.Tensor, null, "any shape");

    public static ImmutableArray<Operation> All { get; } =
    [
        new("reshape", OperationKind.Function, [X, new("sizes", ParameterKind.Sizes, null, "per-sample sizes; their product must not change")],
            Reshape, "{x}.reshape({shape})", "The same numbers in another per-sample shape.") { IsView = true, Site = "{plan}.Reshape({x}, {sizes})", Inverse = "{x}.reshape({original})" },
        new("flatten", OperationKind.Function, [X],
            c => To(c, [Dim.Product(c.Type("x").Shape)]), "{x}.reshape({shape})", "All per-sample axes as one.") { IsView = true, Site = "{plan}.Reshape({x}, {sizes})", Inverse = "{x}.reshape({original})" },
        new("chunk", OperationKind.Function, [X, new("chunks", ParameterKind.Size, null, "number of equal parts")],
            Chunk, "{x}.chunk({chunks}, {axis})", "The first per-sample axis in equal parts, as a tuple.") { IsView = true, Site = "{plan}.Chunk({x}, {chunks})" },
        new("concat", OperationKind.Function, [new("x", ParameterKind.Tensors, null, "tensors that agree in all axes but the first")],
            Concat, "torch.cat([{x}], {axis})", "Tensors joined along the first per-sample axis.") { Site = "{plan}.Concat({x})" },
        new("stack", OperationKind.Function, [new("x", ParameterKind.Tensors, null, "tensors of one shape")],
            Stack, "torch.stack([{x}], {axis})", "Tensors side by side along a new first axis: k of [...] to [k, ...]."),
        new("narrow", OperationKind.Function,
            [
                X, new("dim", ParameterKind.Number, null, "the axis by its place, 0 the first and -1 the last"), new("start", ParameterKind.Number, null, "the first place that is kept"),
                new("length", ParameterKind.Size, null, "how many places are kept"),
            ],
            Narrow, "{x}.narrow({axis}, {start}, {length})", "A part of an axis.") { IsView = true },
        new("rescale", OperationKind.Function,
            [X, new("low", ParameterKind.Number, null, "where the least value goes"), new("high", ParameterKind.Number, null, "where the greatest value goes")],
            Rescale, "{x}.mul({scale}).add_({shift})", "Ordered levels, bits or bounded reals, mapped linearly onto [low, high].") { Site = "{plan}.Map(SiteKernels.Scale({factor}, {offset}), {x})" },
    ];

    private static OperationOutcome? Reshape(OperationCall call)
    {
        TensorType x = call.Type("x");
        ImmutableArray<Dim> sizes = call.Sizes("sizes");
        return Dim.Product(sizes).Equals(Dim.Product(x.Shape))
            ? To(call, sizes)
            : call.Fail("sizes", b => b.WrongElementCount(x, sizes));
    }

    private static OperationOutcome To(OperationCall call, ImmutableArray<Dim> shape)
    {
        TensorType x = call.Type("x");
        return OperationOutcome.Of(
            x.With(shape: shape),
            ("shape", new SizesAttribute(x.Rows is null ? shape : [-1, .. shape])),
            ("original", new SizesAttribute(x.Rows is null ? x.Shape : [-1, .. x.Shape])),
            ("sizes", new SizesAttribute(shape))) with
        {
            Access = new RearrangeAccess(Rearrangement.Reshape),
        };
    }

    private static OperationOutcome? Chunk(OperationCall call)
    {
        TensorType x = call.Type("x");
        if (call.Size("chunks").Value is not { } parts || parts < 2)
        {
            return call.Fail("chunks", b => b.NumberOutOfRange("'chunks'", "a constant, 2 or above"));
        }

        if (x.Shape.Length == 0 || x.Shape[0].TryDivide(parts) is not { } part)
        {
            return call.Fail("x", b => b.NotDivisible("chunk", x, parts));
        }

        TensorType type = x.WithFeatures(part, x.Range);
        return new OperationOutcome([.. Enumerable.Repeat(type, (int)parts)])
        {
            Access = new RearrangeAccess(Rearrangement.Chunk),
            Attributes = new Dictionary<string, OperationAttribute> { ["chunks"] = new SizeAttribute(parts), ["axis"] = new SizeAttribute(x.Rows is null ? 0 : 1) },
        };
    }

    private static OperationOutcome? Concat(OperationCall call)
    {
        ImmutableArray<TensorType> parts = call.Types("x");
        if (parts.Length < 2)
        {
            return call.Fail(null, b => b.NumberOutOfRange("the number of tensors of 'concat'", "2 or above"));
        }

        TensorType first = parts[0];
        Dim size = Dim.Zero;
        Interval range = first.Range;
        foreach (TensorType type in parts)
        {
            if (type.Element != first.Element || !type.Count.Equals(first.Count) || type.Shape.Length == 0 || !Rows.Agree(type.Rows, first.Rows)
                || !type.Shape.Skip(1).SequenceEqual(first.Shape.Skip(1)))
            {
                return call.Fail("x", b => b.CannotConcat(first, type));
            }

            size += type.Shape[0];
            range = range.Join(type.Range);
        }

        // Classes go round, so that parts which are whole turns keep them.
        bool whole = parts.All(p => Equals(p.Order, first.Order) && first.Classes is { } classes && Equals(p.Classes, classes) && p.Shape[0].TryDivide(classes) is not null);
        TensorType joined = first.With(shape: first.Shape.SetItem(0, size), range: range) with { Order = whole ? first.Order : null, Classes = whole ? first.Classes : null };
        return OperationOutcome.Of(joined, ("axis", new SizeAttribute(first.Rows is null ? 0 : 1))) with { Access = new RearrangeAccess(Rearrangement.Concat) };
    }

    private static OperationOutcome? Stack(OperationCall call)
    {
        ImmutableArray<TensorType> parts = call.Types("x");
        TensorType first = parts[0];
        if (parts.FirstOrDefault(p => p.Element != first.Element || !p.Count.Equals(first.Count) || !p.SameShape(first)) is { } other)
        {
            return call.Fail("x", b => b.ShapesDiffer("stack", "the first tensor", first, "another", other));
        }

        if (parts.FirstOrDefault(p => !Rows.Agree(p.Rows, first.Rows)) is { } elsewhere)
        {
            return call.Fail("x", b => first.Rows is null || elsewhere.Rows is null ? b.NeedsRows("stack") : b.RowsMix("stack", first.Rows, elsewhere.Rows));
        }

        return OperationOutcome.Of(
            first.With(shape: [Dim.Constant(parts.Length), .. first.Shape], range: parts.Aggregate(first.Range, (range, p) => range.Join(p.Range))),
            ("axis", new SizeAttribute(first.Rows is null ? 0 : 1))) with { Access = Access.Everything };
    }

    private static OperationOutcome? Narrow(OperationCall call)
    {
        TensorType x = call.Type("x");
        if (call.Number("dim").Size?.Value is not { } place || place < -x.Shape.Length || place >= x.Shape.Length)
        {
            return call.Fail("dim", b => b.NoSuchAxis("narrow", x, "dim"));
        }

        int axis = (int)(place < 0 ? place + x.Shape.Length : place);
        if (call.Number("start").Size is not { LowerBound: >= 0 } start)
        {
            return call.Fail("start", b => b.NumberOutOfRange("'start' of 'narrow'", "an integer, 0 or above"));
        }

        Dim rest = x.Shape[axis] - start - call.Size("length");
        return rest.LowerBound is null or < 0
            ? call.Fail("length", b => b.EmptySize("narrow", x, rest + 1, "the part ends behind the axis"))
            : OperationOutcome.Of(
                x.With(shape: x.Shape.SetItem(axis, call.Size("length"))),
                ("axis", new SizeAttribute(axis + (x.Rows is null ? 0 : 1))), ("start", new SizeAttribute(start)), ("length", new SizeAttribute(call.Size("length")))) with { Access = Access.Everything };
    }

    private static OperationOutcome? Rescale(OperationCall call)
    {
        TensorType x = call.Type("x");
        HostValue low = call.Number("low");
        HostValue high = call.Number("high");
        if (low.Constant is not { } to || high.Constant is not { } until || until <= to)
        {
            return call.Fail("high", b => b.NumberOutOfRange("'low' and 'high'", "constants with low < high"));
        }

        if (x.Element is Element.Class or Element.Code or Element.Discrete or Element.Index or Element.Truth || double.IsInfinity(x.Range.Low) || double.IsInfinity(x.Range.High) || x.Range.High <= x.Range.Low)
        {
            return call.Fail("x", b => b.CannotRescale(x));
        }

        double scale = (until - to) / (x.Range.High - x.Range.Low);
        double shift = to - (x.Range.Low * scale);
        return OperationOutcome.Of(
            new TensorType(Element.Real, 0, x.Rows, x.Shape, new Interval(to, until)),
            ("scale", new ScalarAttribute(HostValue.Float(scale))),
            ("shift", new ScalarAttribute(HostValue.Float(shift))),
            ("factor", new NumberAttribute(HostValue.Float(scale))),
            ("offset", new NumberAttribute(HostValue.Float(shift))));
    }
}
