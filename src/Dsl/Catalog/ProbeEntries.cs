using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>What frozen features are worth: fitted to labelled rows of one source, tested on those of another.</summary>
internal static class ProbeEntries
{
    private static readonly ImmutableArray<OperationParameter> Sets =
    [
        new("fit", ParameterKind.Tensor, null, "features of the rows that it is fitted to, [d]"), new("fit_labels", ParameterKind.Tensor, null, "their classes, one of each row"),
        new("test", ParameterKind.Tensor, null, "features of the rows that it is tested on, [d]"), new("test_labels", ParameterKind.Tensor, null, "their classes"),
    ];

    public static ImmutableArray<Operation> All { get; } =
    [
        new("knn_accuracy", OperationKind.Reduction, [.. Sets, new("k", ParameterKind.Size, "20", "neighbours that are asked")],
            c => Accuracy(c, ("k", new SizeAttribute(c.Size("k")))),
            "KnnAccuracy.Of({fit}, {fit_labels}, {test}, {test_labels}, {classes}, {k})",
            "How often the majority of the k nearest features, by cosine, has the label of a test row.")
        {
            CutsGradient = true,
            CouplesRows = true,
            Metric = "new KnnAccuracy({classes}, {k})",
            Protocol = "{k} neighbours by cosine",
        },
        new("linear_probe", OperationKind.Reduction, [.. Sets, new("decay", ParameterKind.Number, "1e-3", "weight of half the squared weights beside the mean loss")],
            c => c.Demand("decay", Interval.NonNegative) ? Accuracy(c, ("decay", new NumberAttribute(c.Number("decay")))) : null,
            "LinearProbe.Of({fit}, {fit_labels}, {test}, {test_labels}, {classes}, {decay})",
            "How often a linear classifier of frozen features is right: logistic regression on features of mean 0 and deviation 1, brought to its optimum.")
        {
            CutsGradient = true,
            CouplesRows = true,
            Metric = "new LinearProbe({classes}, {decay})",
            Protocol = "logistic regression, {features} standardised features",
        },
    ];

    private static OperationOutcome? Accuracy(OperationCall call, params (string, OperationAttribute)[] own)
    {
        if (!call.RequireReal("fit") || !call.RequireRank("fit", "[features]", 1) || !call.RequireReal("test"))
        {
            return null;
        }

        TensorType fit = call.Type("fit"), test = call.Type("test");
        if (!test.SameShape(fit))
        {
            return call.Fail("test", b => b.ShapesDiffer(call.Operation.Name, "'test'", test, "'fit'", fit));
        }

        foreach ((string features, string labels) in new[] { ("fit", "fit_labels"), ("test", "test_labels") })
        {
            (TensorType x, TensorType y) = (call.Type(features), call.Type(labels));
            if (!y.IsDiscrete)
            {
                return call.Fail(labels, b => b.OutsideSupport(call.Operation.Name, "classes, codes, levels or bits", y));
            }

            if (y.Shape.Length > 0)
            {
                return call.Fail(labels, b => b.WrongArgumentShape(call.Operation.Name, labels, "[], one of each row", y, null));
            }

            if (x.Rows is null || y.Rows is null)
            {
                return call.Fail(x.Rows is null ? features : labels, b => b.NeedsRows(call.Operation.Name));
            }

            if (!Rows.Agree(x.Rows, y.Rows))
            {
                return call.Fail(labels, b => b.RowsMix(call.Operation.Name, x.Rows, y.Rows));
            }
        }

        TensorType classes = call.Type("fit_labels"), told = call.Type("test_labels");
        return classes.Count.Equals(told.Count)
            ? OperationOutcome.Of(
                TensorType.Real(null, []) with { Range = Interval.Unit },
                [("classes", new SizeAttribute(classes.Count)), ("features", new SizeAttribute(fit.Shape[0])), .. own]) with { Access = Access.Everything }
            : call.Fail("test_labels", b => b.OutsideSupport(call.Operation.Name, $"the classes that it is fitted to, {classes},", told));
    }
}
