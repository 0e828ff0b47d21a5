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
        new("matched_accuracy", OperationKind.Reduction,
            [new("logits", ParameterKind.Tensor, null, "one for each group, [groups]"), new("target", ParameterKind.Tensor, null, "classes or codes, one of each row")],
            Matched, "MatchedAccuracy.Of({logits}, {target}, {classes})",
            "How often groups that were found without labels are right, when each stands for the label that makes most rows right and no two for the same: the accuracy of a clustering. A row belongs to the group of its largest logit.")
        {
            Source = "Kuhn 1955, The Hungarian method for the assignment problem",
            CutsGradient = true,
            CouplesRows = true,
            Metric = "new MatchedAccuracy({groups}, {classes})",
            Protocol = "{groups} groups, matched on the same rows",
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

    private static OperationOutcome? Matched(OperationCall call)
    {
        TensorType logits = call.Type("logits"), target = call.Type("target");
        if (!call.RequireReal("logits") || !call.RequireRank("logits", "[groups]", 1))
        {
            return null;
        }

        if (!target.IsDiscrete)
        {
            return call.Fail("target", b => b.OutsideSupport("matched_accuracy", "classes, codes, levels or bits", target));
        }

        if (target.Shape.Length > 0)
        {
            return call.Fail("target", b => b.WrongArgumentShape("matched_accuracy", "target", "[], one of each row", target, null));
        }

        if (logits.Rows is null || target.Rows is null)
        {
            return call.Fail(logits.Rows is null ? "logits" : "target", b => b.NeedsRows("matched_accuracy"));
        }

        return Rows.Agree(logits.Rows, target.Rows)
            ? OperationOutcome.Of(TensorType.Real(null, []) with { Range = Interval.Unit }, ("groups", new SizeAttribute(logits.Shape[0])), ("classes", new SizeAttribute(target.Count))) with { Access = Access.Everything }
            : call.Fail("target", b => b.RowsMix("matched_accuracy", logits.Rows, target.Rows));
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
