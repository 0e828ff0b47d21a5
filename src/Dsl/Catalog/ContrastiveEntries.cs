using System.Collections.Immutable;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Rows compared with rows, and rows that are kept for later ones: what contrastive losses are made of.</summary>
internal static class ContrastiveEntries
{
    public static ImmutableArray<Operation> All { get; } =
    [
        new("similarity", OperationKind.Function,
            [new("x", ParameterKind.Tensor, null, "features of each row, [d]"), new("among", ParameterKind.Tensor, null, "features of other rows, or of the same, [d]")],
            Similarity, "Functional.linear({x}, {among})", "For each row of x its scalar products with all rows of 'among': [N; d] and [M; d] to [N; M].")
        {
            IsOfRows = true,
            CouplesRows = true,
        },
        new("mask_self", OperationKind.Function,
            [new("x", ParameterKind.Tensor, null, "a number for each pair of rows, [N; N, ...], of 'similarity' or 'all_rows'"), new("value", ParameterKind.Number, null, "what stands there then; -inf if not given, which a softmax leaves out") { IsOptional = true }],
            MaskSelf, "BatchRows.MaskSelf({x}, {value})", "What each row has with itself makes way for a number, without gradient.")
        {
            IsOfRows = true,
        },
        new("enqueue", OperationKind.Function,
            [new("queue", ParameterKind.Tensor, null, "a state with rows"), new("x", ParameterKind.Tensor, null, "new rows, of the same shape")],
            Enqueue, "BatchRows.Enqueue({queue}, {x})", "The rows of a queue after those of x came in at its end: as many of the oldest are gone.")
        {
            Source = "He et al. 2020, MoCo, arXiv:1911.05722",
            IsOfRows = true,
            CutsGradient = true,
        },
    ];

    private static OperationOutcome? Similarity(OperationCall call)
    {
        (TensorType x, TensorType among) = (call.Type("x"), call.Type("among"));
        if (!call.RequireReal("x") || !call.RequireRank("x", "[features]", 1) || !call.RequireReal("among"))
        {
            return null;
        }

        if (x.Rows is null || among.Rows is null)
        {
            return call.Fail(x.Rows is null ? "x" : "among", b => b.NeedsRows("similarity"));
        }

        if (!among.SameShape(x))
        {
            return call.Fail("among", b => b.ShapesDiffer("similarity", "'x'", x, "'among'", among));
        }

        if (among.Rows.Count is not { } count)
        {
            return call.Fail("among", b => b.RowsWithoutName("'similarity' makes an axis of the rows of 'among', whose number has no name"));
        }

        double features = x.Shape[0].Value ?? double.PositiveInfinity;
        Interval products = x.Range * among.Range;
        Interval range = double.IsInfinity(features) && !products.Equals(Interval.Point(0)) ? Interval.All : products * Interval.Point(features);
        return OperationOutcome.Of(TensorType.Real(x.Rows, [count]) with { Range = range, Across = among.Rows }) with { Access = Access.Everything };
    }

    private static OperationOutcome? MaskSelf(OperationCall call)
    {
        TensorType x = call.Type("x");
        if (!call.RequireReal("x"))
        {
            return null;
        }

        if (x.Rows is null)
        {
            return call.Fail("x", b => b.NeedsRows("mask_self"));
        }

        if (x.Across is not { } across || !Rows.AreSame(x.Rows, across))
        {
            return call.Fail("x", b => b.NotPairsOfRows(x, x.Across));
        }

        bool given = call.Has("value");
        Interval value = given ? call.Number("value").Range : new Interval(double.NegativeInfinity, double.NegativeInfinity, true, true);
        return OperationOutcome.Of(
            x.With(range: given ? x.Range.Join(value) : x.Range with { Low = double.NegativeInfinity, LowOpen = true }),
            ("value", given ? new NumberAttribute(call.Number("value")) : new CodeAttribute("double.NegativeInfinity"))) with { Access = Access.Pointwise };
    }

    private static OperationOutcome? Enqueue(OperationCall call)
    {
        (TensorType queue, TensorType x) = (call.Type("queue"), call.Type("x"));
        if (!call.RequireReal("queue") || !call.RequireReal("x"))
        {
            return null;
        }

        return queue.Rows is null || x.Rows is null ? call.Fail(queue.Rows is null ? "queue" : "x", b => b.NeedsRows("enqueue"))
            : !x.SameShape(queue) ? call.Fail("x", b => b.ShapesDiffer("enqueue", "the queue", queue, "'x'", x))
            : OperationOutcome.Of(queue.With(range: queue.Range.Join(x.Range))) with { Access = Access.Everything };
    }
}
