using System.Collections.Immutable;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Maps that are the best for all rows, in closed form.</summary>
internal static class SolverEntries
{
    private static readonly ImmutableArray<OperationParameter> Pairs =
    [
        new("x", ParameterKind.Tensor, null, "what is mapped, [d], a row each"), new("y", ParameterKind.Tensor, null, "what it is to become, [e], the same rows"),
    ];

    public static ImmutableArray<Operation> All { get; } =
    [
        new("procrustes", OperationKind.Reduction, Pairs, c => Solve(c, isSquare: true), "Procrustes.Of({x}, {y})",
            "The orthogonal W that brings W x nearest to y over all rows, [d, d]: U V' of the singular vectors of the sum of y x'. No gradient passes.")
        {
            Source = "Schoenemann 1966; Xing et al. 2015",
            CutsGradient = true,
            CouplesRows = true,
            Solver = "new Procrustes({inputs})",
        },
        new("least_squares", OperationKind.Reduction, Pairs, c => Solve(c, isSquare: false), "LeastSquares.Of({x}, {y})",
            "The W that brings W x nearest to y over all rows, [e, d]; of several the shortest. No gradient passes.")
        {
            Source = "Mikolov et al. 2013, arXiv:1309.4168",
            CutsGradient = true,
            CouplesRows = true,
            Solver = "new LeastSquares({inputs}, {outputs})",
        },
        new("mutual_procrustes", OperationKind.Reduction,
            [
                new("x", ParameterKind.Tensor, null, "what is mapped, [d], a row each"), new("mapped", ParameterKind.Tensor, null, "what the map so far makes of it, the same rows"),
                new("y", ParameterKind.Tensor, null, "what it may become, [d], rows of any number"), new("neighbours", ParameterKind.Size, "10", "of CSLS"),
            ],
            Pair, "MutualProcrustes.Of({x}, {mapped}, {y}, {neighbours})",
            "The orthogonal W of procrustes for the pairs of x and y of which each is the other's nearest by CSLS: a round of refinement. No gradient passes.")
        {
            Source = "Conneau et al. 2018, arXiv:1710.04087",
            CutsGradient = true,
            CouplesRows = true,
            Solver = "new MutualProcrustes({neighbours})",
        },
    ];

    private static OperationOutcome? Pair(OperationCall call)
    {
        if (!call.RequireReal("x") || !call.RequireRank("x", "[features]", 1))
        {
            return null;
        }

        TensorType x = call.Type("x");
        foreach (string other in new[] { "mapped", "y" })
        {
            if (!call.RequireReal(other))
            {
                return null;
            }

            if (!call.Type(other).SameShape(x))
            {
                return call.Fail(other, b => b.ShapesDiffer(call.Operation.Name, $"'{other}'", call.Type(other), "'x'", x));
            }
        }

        return x.Rows is null ? call.Fail("x", b => b.NeedsRows(call.Operation.Name))
            : call.Type("mapped").Rows is not { } mapped ? call.Fail("mapped", b => b.NeedsRows(call.Operation.Name))
            : call.Type("y").Rows is null ? call.Fail("y", b => b.NeedsRows(call.Operation.Name))
            : !Rows.Agree(x.Rows, mapped) ? call.Fail("mapped", b => b.RowsMix(call.Operation.Name, x.Rows, mapped))
            : OperationOutcome.Of(
                TensorType.Real(null, [x.Shape[0], x.Shape[0]]) with { Range = new Interval(-1, 1) },
                ("neighbours", new SizeAttribute(call.Size("neighbours")))) with { Access = Access.Everything };
    }

    private static OperationOutcome? Solve(OperationCall call, bool isSquare)
    {
        if (!call.RequireReal("x") || !call.RequireRank("x", "[features]", 1) || !call.RequireReal("y") || !call.RequireRank("y", "[features]", 1))
        {
            return null;
        }

        (TensorType x, TensorType y) = (call.Type("x"), call.Type("y"));
        if (isSquare && !y.SameShape(x))
        {
            return call.Fail("y", b => b.ShapesDiffer(call.Operation.Name, "'x'", x, "'y'", y));
        }

        return x.Rows is null || y.Rows is null ? call.Fail(x.Rows is null ? "x" : "y", b => b.NeedsRows(call.Operation.Name))
            : !Rows.Agree(x.Rows, y.Rows) ? call.Fail("y", b => b.RowsMix(call.Operation.Name, x.Rows, y.Rows))
            : OperationOutcome.Of(
                TensorType.Real(null, [y.Shape[0], x.Shape[0]]) with { Range = isSquare ? new Interval(-1, 1) : Interval.All },
                ("inputs", new SizeAttribute(x.Shape[0])), ("outputs", new SizeAttribute(y.Shape[0]))) with { Access = Access.Everything };
    }
}
