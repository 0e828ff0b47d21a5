using System.Collections.Immutable;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Figures of whole sources of pictures, by what a net says of them.</summary>
internal static class MetricEntries
{
    public static ImmutableArray<Operation> All { get; } =
    [
        new("inception_score", OperationKind.Reduction,
            [new("x", ParameterKind.Tensor, null, "a classifier's logits, [classes]"), new("splits", ParameterKind.Size, "1", "parts whose scores are averaged; the paper's are 10")],
            Score, "InceptionScore.Of({x})",
            "exp(E KL(p(y|x) || p(y))) of a batch or of a whole source: 1 where a classifier says the same of all, K where it is sure of each and all K classes are as frequent.")
        {
            Source = "Salimans et al. 2016, arXiv:1606.03498",
            CutsGradient = true,
            CouplesRows = true,
            Metric = "new InceptionScore({classes}, {splits})",
            Protocol = "{splits} splits",
        },
        new("frechet_distance", OperationKind.Reduction,
            [new("x", ParameterKind.Tensor, null, "features of what is real, [d]"), new("y", ParameterKind.Tensor, null, "features of what is generated, [d]")],
            Distance, "FrechetDistance.Of({x}, {y})",
            "|m - m'|^2 + tr(C + C' - 2 (C C')^(1/2)) of the means and covariances of two sets of features, in a batch or in a whole source; the FID where they are the Inception net's.")
        {
            Source = "Heusel et al. 2017, arXiv:1706.08500",
            CutsGradient = true,
            CouplesRows = true,
            Metric = "new FrechetDistance({features})",
            Protocol = "{features} features",
        },
    ];

    private static OperationOutcome? Score(OperationCall call)
    {
        TensorType x = call.Type("x");
        if (!call.RequireReal("x") || !call.RequireRank("x", "[classes]", 1))
        {
            return null;
        }

        if (x.Rows is null)
        {
            return call.Fail("x", b => b.NeedsRows("inception_score"));
        }

        return OperationOutcome.Of(
            TensorType.Real(null, []) with { Range = new Interval(1, x.Shape[0].Value ?? double.PositiveInfinity, false, x.Shape[0].Value is null) },
            ("classes", new SizeAttribute(x.Shape[0])), ("splits", new SizeAttribute(call.Size("splits")))) with { Access = Access.Everything };
    }

    private static OperationOutcome? Distance(OperationCall call)
    {
        TensorType x = call.Type("x"), y = call.Type("y");
        if (!call.RequireReal("x") || !call.RequireRank("x", "[features]", 1) || !call.RequireReal("y"))
        {
            return null;
        }

        if (!y.SameShape(x))
        {
            return call.Fail("y", b => b.ShapesDiffer("frechet_distance", "'y'", y, "'x'", x));
        }

        return x.Rows is null || y.Rows is null
            ? call.Fail(x.Rows is null ? "x" : "y", b => b.NeedsRows("frechet_distance"))
            : OperationOutcome.Of(TensorType.Real(null, []) with { Range = Interval.NonNegative }, ("features", new SizeAttribute(x.Shape[0]))) with { Access = Access.Everything };
    }
}
