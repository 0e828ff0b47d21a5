using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Functions that make other rows of rows: everything else works on each row by itself.</summary>
internal static class RowEntries
{
    private static readonly OperationParameter X = new("x", ParameterKind.Tensor, null, "any shape, with rows");
    private static readonly OperationParameter K = new("k", ParameterKind.Size, null, "how many copies");

    /// <summary>The permutation that undoes one: <c>rows(rows(x, p), inverse(p))</c> is x.</summary>
    public static Operation Inverse { get; } = new(
        "~inverse_permutation", OperationKind.Function, [new("p", ParameterKind.Tensor, null, "a permutation")],
        c => OperationOutcome.Of(c.Type("p")), "{p}.argsort(0)", "The permutation that undoes one.") { IsOfRows = true, CutsGradient = true };

    /// <summary>For each row of one value the number of the nearest row of another.</summary>
    public static Operation Nearest { get; } = new(
        "~nearest_row", OperationKind.Function, [new("x", ParameterKind.Tensor, null, "any shape, with rows"), new("among", ParameterKind.Tensor, null, "the same shape, with other rows")],
        NearestRow, "BatchRows.Nearest({x}, {among})", "For each row the number of the nearest one among others.") { IsOfRows = true, CutsGradient = true, CouplesRows = true };

    public static ImmutableArray<Operation> All { get; } =
    [
        new("join", OperationKind.Function, [new("x", ParameterKind.Tensors, null, "values of one type, two or more")],
            Join, "torch.cat([{x}], 0)", "The rows of the first value, then those of the second, and so on.") { IsOfRows = true },
        new("split", OperationKind.Function, [X, new("n", ParameterKind.Sizes, null, "how many rows each part has; what is left is one part more")],
            Split, "BatchRows.Split({x}, {counts})", "The first rows, the next ones, and those that are left, as a tuple: where the batches that were joined end.") { IsOfRows = true, IsView = true },
        new("copies", OperationKind.Function, [X, K],
            Copies,
            "{x}.repeat([{copies}{ones}])", "All rows k times, one copy behind the other.") { IsOfRows = true },
        new("mean_copies", OperationKind.Function, [X, K],
            MeanCopies, "BatchRows.MeanOfCopies({x}, {copies})", "The mean over the k copies of each row.") { IsOfRows = true },
        new("copy_index", OperationKind.Function, [X, K],
            CopyIndex, "BatchRows.CopyIndex({x}, {copies})", "For each row the number of the copy that it is in, 0 .. k - 1, one of class[k].") { IsOfRows = true, CutsGradient = true },
        new("rows", OperationKind.Function, [X, new("i", ParameterKind.Tensor, null, "numbers of rows of x: of permutation(n), or of nearest(y, among: x)")],
            ByNumber, "{x}.index_select(0, {i})", "The rows with these numbers, in their order.") { IsOfRows = true },
        Inverse,
        Nearest,
        new("all_rows", OperationKind.Function, [X],
            AllRows, "{x}.alias()", "All rows as an axis, the same for every sample: [N; ...] to [N, ...].") { IsOfRows = true, IsView = true, CouplesRows = true },
    ];

    private static OperationOutcome? Join(OperationCall call)
    {
        ImmutableArray<TensorType> parts = call.Types("x");
        if (parts.Length < 2)
        {
            return call.Fail(null, b => b.NumberOutOfRange("the number of values of 'join'", "2 or above"));
        }

        TensorType first = parts[0];
        Interval range = first.Range;
        foreach (TensorType type in parts)
        {
            if (type.Rows is null)
            {
                return call.Fail("x", b => b.NeedsRows("join"));
            }

            if (type.Element != first.Element || !type.Count.Equals(first.Count) || !type.SameShape(first))
            {
                return call.Fail("x", b => b.ShapesDiffer("join", "the first value", first, "another", type));
            }

            range = range.Join(type.Range);
        }

        SpaceSymbol? space = parts.All(p => ReferenceEquals(p.Space, first.Space)) ? first.Space : null;
        return OperationOutcome.Of(first.With(range: range) with { Space = space, Rows = Rows.Join(parts.Select(p => p.Rows!)) });
    }

    private static OperationOutcome? Split(OperationCall call)
    {
        TensorType x = call.Type("x");
        if (x.Rows is not { } rest)
        {
            return call.Fail("x", b => b.NeedsRows("split"));
        }

        List<Rows> parts = [];
        ImmutableArray<Dim> counts = call.Sizes("n");
        foreach (Dim count in counts)
        {
            if (rest is null || rest.Split(count) is not var (first, others))
            {
                return call.Fail("n", b => b.NoRowsToSplit(x.Rows, counts));
            }

            parts.Add(first);
            rest = others;
        }

        if (rest is not null)
        {
            parts.Add(rest);
        }

        return parts.Count < 2
            ? call.Fail("n", b => b.NoRowsToSplit(x.Rows, counts))
            : new OperationOutcome([.. parts.Select(p => x with { Rows = p })])
            {
                Attributes = new Dictionary<string, OperationAttribute> { ["counts"] = new SizeListAttribute([.. parts.Select(p => p.Count!)]) },
                Access = Access.Pointwise,
            };
    }

    private static OperationOutcome? Copies(OperationCall call)
    {
        TensorType x = call.Type("x");
        Dim copies = call.Size("k");
        return x.Rows is null
            ? call.Fail("x", b => b.NeedsRows("copies"))
            : With(call, x.Rows.Times(copies), ("copies", new SizeAttribute(copies)), ("ones", new CodeAttribute(string.Concat(Enumerable.Repeat(", 1", x.Shape.Length)))));
    }

    private static OperationOutcome? MeanCopies(OperationCall call)
    {
        TensorType x = call.Type("x");
        if (!call.RequireReal("x"))
        {
            return null;
        }

        if (x.Rows is null)
        {
            return call.Fail("x", b => b.NeedsRows("mean_copies"));
        }

        Dim copies = call.Size("k");
        return x.Rows.Part(copies) is { } part
            ? With(call, part, ("copies", new SizeAttribute(copies)))
            : call.Fail("x", b => b.NotCopies(x.Rows, copies));
    }

    private static OperationOutcome? CopyIndex(OperationCall call)
    {
        TensorType x = call.Type("x");
        Dim copies = call.Size("k");
        return x.Rows is null ? call.Fail("x", b => b.NeedsRows("copy_index"))
            : x.Rows.Part(copies) is null ? call.Fail("x", b => b.NotCopies(x.Rows, copies, "copy_index"))
            : OperationOutcome.Of(
                new TensorType(Element.Class, copies, x.Rows, [], copies.Value is { } k ? new Interval(0, k - 1) : Interval.NonNegative), ("copies", new SizeAttribute(copies))) with { Access = new NothingAccess() };
    }

    private static OperationOutcome? ByNumber(OperationCall call)
    {
        (TensorType x, TensorType i) = (call.Type("x"), call.Type("i"));
        if (x.Rows is null)
        {
            return call.Fail("x", b => b.NeedsRows("rows"));
        }

        return i is not { Element: Element.Index, Rows: not null, Shape.Length: 0 } || !i.Count.Equals(x.Rows.Count) || (i.Numbers is { } numbered && !Rows.Agree(numbered, x.Rows))
            ? call.Fail("i", b => b.NoRowNumbers(x.Rows, i))
            : OperationOutcome.Of(x with { Rows = i.Rows }) with { Access = Access.Pointwise };
    }

    private static OperationOutcome? NearestRow(OperationCall call)
    {
        (TensorType x, TensorType among) = (call.Type("x"), call.Type("among"));
        if (!call.RequireReal("x") || !call.RequireReal("among"))
        {
            return null;
        }

        return x.Rows is null ? call.Fail("x", b => b.NeedsRows("nearest"))
            : among.Rows?.Count is not { } count ? call.Fail("among", b => b.NeedsRows("nearest"))
            : !x.SameShape(among) ? call.Fail("among", b => b.ShapesDiffer("nearest", "the rows", x, "'among'", among))
            : OperationOutcome.Of(new TensorType(Element.Index, count, x.Rows, [], count.Value is { } n ? new Interval(0, n - 1) : Interval.NonNegative) { Numbers = among.Rows }) with { Access = Access.Everything };
    }

    private static OperationOutcome? AllRows(OperationCall call)
    {
        TensorType x = call.Type("x");
        return x.Rows is null ? call.Fail("x", b => b.NeedsRows("all_rows"))
            : x.Rows.Count is not { } count ? call.Fail("x", b => b.RowsWithoutName("'all_rows' makes an axis of the rows, whose number has no name"))
            : OperationOutcome.Of(x.With(shape: [count, .. x.Shape]) with { Rows = null, Across = x.Rows }) with { Access = Access.Everything };
    }

    private static OperationOutcome? With(OperationCall call, Rows rows, params (string Name, OperationAttribute Value)[] attributes) =>
        OperationOutcome.Of(call.Type("x") with { Rows = rows }, attributes) with { Access = Access.Pointwise };
}
