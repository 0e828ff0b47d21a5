using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>How well what is asked for is found among candidates: P@k of a dictionary.</summary>
internal static class RetrievalEntries
{
    private static readonly ImmutableArray<OperationParameter> Sets =
    [
        new("query", ParameterKind.Tensor, null, "vectors that are asked, [d], a row for each pair of the dictionary"), new("word", ParameterKind.Tensor, null, "the words that they are of, one of each row"),
        new("answer", ParameterKind.Tensor, null, "a right answer to each row"),
        new("among", ParameterKind.Tensor, null, "vectors of the candidates, [d]"), new("names", ParameterKind.Tensor, null, "what the candidates are, one of each row"),
    ];

    private static readonly OperationParameter At = new("at", ParameterKind.Size, "1", "how many of the nearest candidates count");

    public static ImmutableArray<Operation> All { get; } =
    [
        new("precision", OperationKind.Reduction, [.. Sets, At],
            Retrieve, "Precision.Of({query}, {word}, {answer}, {among}, {names}, {at})",
            "P@k: how many of the words have a right answer among the k candidates that are nearest by cosine.")
        {
            Source = "Mikolov et al. 2013, arXiv:1309.4168",
            CutsGradient = true,
            CouplesRows = true,
            Metric = "new Precision({at})",
            Protocol = "P@{at}, nearest by cosine",
        },
        new("precision_csls", OperationKind.Reduction,
            [.. Sets, new("all", ParameterKind.Tensor, null, "vectors on the side of what is asked, [d]: the neighbours of candidates"), At, new("neighbours", ParameterKind.Size, "10", "whose mean cosine counts against a candidate")],
            Retrieve, "Precision.Of({query}, {word}, {answer}, {among}, {names}, {all}, {at}, {neighbours})",
            "P@k: how many of the words have a right answer among the k candidates that are nearest by CSLS, the cosine without what a candidate is near to everybody.")
        {
            Source = "Conneau et al. 2018, arXiv:1710.04087",
            CutsGradient = true,
            CouplesRows = true,
            Metric = "new Precision({at}, {neighbours})",
            Protocol = "P@{at}, nearest by CSLS of {neighbours} neighbours",
        },
    ];

    private static OperationOutcome? Retrieve(OperationCall call)
    {
        if (!call.RequireReal("query") || !call.RequireRank("query", "[features]", 1))
        {
            return null;
        }

        TensorType query = call.Type("query");
        foreach (string vectors in new[] { "among", "all" }.Where(call.Has))
        {
            if (!call.RequireReal(vectors))
            {
                return null;
            }

            if (!call.Type(vectors).SameShape(query))
            {
                return call.Fail(vectors, b => b.ShapesDiffer(call.Operation.Name, $"'{vectors}'", call.Type(vectors), "'query'", query));
            }
        }

        foreach (string codes in new[] { "word", "answer", "names" })
        {
            if (!call.Type(codes).IsDiscrete)
            {
                return call.Fail(codes, b => b.OutsideSupport(call.Operation.Name, "classes, codes, levels or bits", call.Type(codes)));
            }

            if (call.Type(codes).Shape.Length > 0)
            {
                return call.Fail(codes, b => b.WrongArgumentShape(call.Operation.Name, codes, "[], one of each row", call.Type(codes), null));
            }
        }

        foreach ((string one, string other) in new[] { ("query", "word"), ("query", "answer"), ("among", "names"), ("all", "all") }.Where(p => call.Has(p.Item1)))
        {
            (TensorType x, TensorType y) = (call.Type(one), call.Type(other));
            if (x.Rows is null || y.Rows is null)
            {
                return call.Fail(x.Rows is null ? one : other, b => b.NeedsRows(call.Operation.Name));
            }

            if (!Rows.Agree(x.Rows, y.Rows))
            {
                return call.Fail(other, b => b.RowsMix(call.Operation.Name, x.Rows, y.Rows));
            }
        }

        (TensorType answer, TensorType names) = (call.Type("answer"), call.Type("names"));
        return !names.Count.Equals(answer.Count)
            ? call.Fail("names", b => b.OutsideSupport(call.Operation.Name, $"what the answers are, {answer},", names))
            : OperationOutcome.Of(
                TensorType.Real(null, []) with { Range = Interval.Unit },
                [("at", new SizeAttribute(call.Size("at"))), .. call.Has("all") ? [("neighbours", new SizeAttribute(call.Size("neighbours")))] : new (string, OperationAttribute)[0]]) with { Access = Access.Everything };
    }
}
