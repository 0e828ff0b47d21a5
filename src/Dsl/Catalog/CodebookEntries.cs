using System.Collections.Generic;
using System.Collections.Immutable;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>
/// Vector quantisation. A codebook looks codes up; <c>nearest(book, e)</c> chooses them and teaches the book; what is looked up by a code
/// that it has chosen passes its gradient on to <c>e</c>.
/// </summary>
internal static class CodebookEntries
{
    private static readonly ImmutableArray<OperationParameter> Settings =
    [
        new("codes", ParameterKind.Size, null, "how many"),
        new("features", ParameterKind.Size, null, "numbers of a code's vector"),
        new("decay", ParameterKind.Number, "0.99", "what stays of the running sums in a step, in [0, 1)"),
        new("restart", ParameterKind.Number, "0.03", "a code used less than this share of the mean starts again at a vector of the batch, in [0, 1); 0 for never"),
        new("eps", ParameterKind.Number, "1e-5", "smooths the counts"),
    ];

    /// <summary>The layer: the vector of each code.</summary>
    public static Operation Codebook { get; } = new(
        "codebook", OperationKind.Layer, [new("x", ParameterKind.Tensor, null, "codes: [], [t], [c, t] or [c, h, w]"), .. Settings],
        Lookup,
        "Codebooks.Lookup({x}, {count}, {total}, {eps}, {axis})",
        "The vector of every code: [] to [d], [t] to [d, t], [c, ...] to [d * c, ...]; moved by 'nearest(book, e)', not by gradients.")
    {
        Source = "van den Oord et al. 2017, arXiv:1711.00937",
        CutsGradient = true,
    };

    /// <summary>The code that is nearest to each vector, and the vectors of these codes.</summary>
    public static Operation Nearest { get; } = new(
        "~nearest", OperationKind.Layer, [new("x", ParameterKind.Tensor, null, "[d], [d, t] or [d, h, w]"), .. Settings],
        Choose,
        "Codebooks.Nearest({x}, {count}, {total}, {eps}, {decay}, {restart}, {mode}, {draws})",
        "The nearest code of each vector.")
    {
        CutsGradient = true,
        UsesMode = true,
        UsesDraws = true,
        InitialisesFromData = true,
    };

    /// <summary>The vectors of the codes that were chosen, with the gradient of what chose them.</summary>
    public static Operation StraightThrough { get; } = new(
        "~straight_through", OperationKind.Function,
        [new("x", ParameterKind.Tensor, null, "what was quantised"), new("vectors", ParameterKind.Tensor, null, "what it became")],
        c => OperationOutcome.Of(c.Type("vectors")),
        "StraightThrough.Of({x}, {vectors})", "The vectors.");

    /// <summary>How many codes a batch uses, as it were.</summary>
    public static Operation Perplexity { get; } = new(
        "perplexity", OperationKind.Reduction, [new("x", ParameterKind.Tensor, null, "codes, classes, levels or bits")],
        Used, "CodeUsage.Perplexity({x}, {codes})",
        "exp(entropy) of how often each of K codes occurs, in a batch or in a whole source: 1 where all are the same, K where all are used alike.")
    {
        CutsGradient = true,
        CouplesRows = true,
        Metric = "new CodeUsage({codes})",
    };

    public static ImmutableArray<Operation> All { get; } = [Codebook, Nearest, StraightThrough, Perplexity];

    private static OperationOutcome? Lookup(OperationCall call)
    {
        TensorType x = call.Type("x");
        if (x.Element is not (Element.Code or Element.Class or Element.Discrete) || !x.Count.Equals(call.Size("codes")))
        {
            return call.Fail("x", b => b.WrongArgumentShape("codebook", "x", $"code[{call.Size("codes")}], of any shape", x, null));
        }

        if (!call.RequireRank("x", "[], [time], [channels, time] or [channels, height, width]", 0, 1, 2, 3) || Weights(call) is not { } weights)
        {
            return null;
        }

        Dim features = call.Size("features");
        ImmutableArray<Dim> shape = x.Shape.Length < 2 ? [features, .. x.Shape] : x.Shape.SetItem(0, features * x.Shape[0]);
        return OperationOutcome.Of(TensorType.Real(x.Rows, shape), ("axis", new SizeAttribute(x.Rows is null ? 0 : 1)), ("eps", new NumberAttribute(call.Number("eps")))) with
        {
            Access = new RearrangeAccess(Rearrangement.Embed),
            Weights = weights,
        };
    }

    private static OperationOutcome? Choose(OperationCall call)
    {
        TensorType x = call.Type("x");
        if (!call.RequireReal("x") || !call.RequireRank("x", "[features], [features, time] or [features, height, width]", 1, 2, 3))
        {
            return null;
        }

        if (!x.Shape[0].Equals(call.Size("features")))
        {
            return call.Fail("x", b => b.WrongArgumentShape("nearest", "e", TensorType.ShapeOf(x.Shape.SetItem(0, call.Size("features"))), x, null));
        }

        if (x.Rows is null)
        {
            return call.Fail("x", b => b.NeedsRows("nearest"));
        }

        if (Weights(call) is not { } weights)
        {
            return null;
        }

        ImmutableArray<Dim> sites = x.Shape.Length == 3 ? x.Shape.SetItem(0, Dim.One) : x.Shape.RemoveAt(0);
        Dim codes = call.Size("codes");
        return new OperationOutcome([new TensorType(Element.Code, codes, x.Rows, sites, codes.Value is { } n ? new Interval(0, n - 1) : Interval.NonNegative), TensorType.Real(x.Rows, x.Shape)])
        {
            Access = Access.Everything,
            Weights = weights,
            Attributes = new Dictionary<string, OperationAttribute>
            {
                ["eps"] = new NumberAttribute(call.Number("eps")),
                ["decay"] = new NumberAttribute(call.Number("decay")),
                ["restart"] = new NumberAttribute(call.Number("restart")),
            },
        };
    }

    private static ImmutableArray<Weight>? Weights(OperationCall call)
    {
        var part = new Interval(0, 1, false, true);
        bool ok = call.Demand("decay", part) & call.Demand("restart", part) & call.Demand("eps", Interval.Positive);
        var normal = new Initializer("normal", [HostValue.Float("0"), HostValue.Float("1")]);
        return ok
            ? [new("count", WeightRole.Statistic, Initializer.Ones, [call.Size("codes")]), new("total", WeightRole.Statistic, normal, [call.Size("codes"), call.Size("features")])]
            : null;
    }

    private static OperationOutcome? Used(OperationCall call)
    {
        TensorType x = call.Type("x");
        return x.IsDiscrete
            ? OperationOutcome.Of(TensorType.Real(null, []) with { Range = new Interval(1, x.Count.Value ?? double.PositiveInfinity, false, x.Count.Value is null) }, ("codes", new SizeAttribute(x.Count))) with { Access = Access.Everything }
            : call.Fail("x", b => b.OutsideSupport("perplexity", "codes, classes, levels or bits", x));
    }
}
