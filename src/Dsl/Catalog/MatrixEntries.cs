using System;
using System.Collections.Immutable;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Products of matrices that are computed, a pair for each sample: what attention is made of.</summary>
internal static class MatrixEntries
{
    public static ImmutableArray<Operation> All { get; } =
    [
        new("matmul", OperationKind.Function,
            [new("a", ParameterKind.Tensor, null, "[m, k]"), new("b", ParameterKind.Tensor, null, "[k, n]")],
            Product, "{a}.{product}({b})", "The product of two matrices, for every sample: [m, k] and [k, n] to [m, n]."),
        new("transpose", OperationKind.Function, [new("x", ParameterKind.Tensor, null, "[m, n]")],
            Transpose, "{x}.transpose(-2, -1)", "Rows as columns: [m, n] to [n, m].") { IsView = true },
    ];

    private static OperationOutcome? Product(OperationCall call)
    {
        if (!call.RequireReal("a") || !call.RequireReal("b") || !call.RequireRank("a", "[m, k]", 2) || !call.RequireRank("b", "[k, n]", 2))
        {
            return null;
        }

        TensorType a = call.Type("a");
        TensorType b = call.Type("b");
        if (a.Rows is not null && b.Rows is not null && !a.Rows.Equals(b.Rows))
        {
            return call.Fail(null, d => d.RowsMix("matmul", a.Rows, b.Rows));
        }

        Dim inner = a.Shape[1];
        if (!inner.Equals(b.Shape[0]))
        {
            return call.Fail("b", d => d.WrongArgumentShape("matmul", "b", TensorType.ShapeOf(b.Shape.SetItem(0, inner)), b, null));
        }

        string function = (a.Rows, b.Rows) switch
        {
            (null, null) => "mm",
            ({ }, { }) => "bmm",
            _ => "matmul",
        };
        return OperationOutcome.Of(
            TensorType.Real(a.Rows ?? b.Rows, [a.Shape[0], b.Shape[1]]) with { Range = Sum(a.Range * b.Range, inner) },
            ("product", new CodeAttribute(function))) with
        {
            Access = Access.Everything,
        };
    }

    // Of as many products.
    private static Interval Sum(Interval range, Dim count) => count.Value is { } n ? range * Interval.Point(n)
        : range.Low >= 0 ? Interval.NonNegative
        : range.High <= 0 ? -Interval.NonNegative
        : Interval.All;

    private static OperationOutcome? Transpose(OperationCall call)
    {
        if (!call.RequireRank("x", "[m, n]", 2))
        {
            return null;
        }

        TensorType x = call.Type("x");
        return OperationOutcome.Of(x.With(shape: [x.Shape[1], x.Shape[0]])) with { Access = Access.Everything };
    }
}
