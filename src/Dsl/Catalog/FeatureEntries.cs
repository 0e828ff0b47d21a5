using System;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Functions of the features of a site: gates, softmax, and dropout.</summary>
internal static class FeatureEntries
{
    private static readonly OperationParameter X = new("x", ParameterKind.Tensor, null, "[c] or [c, ...]");

    public static ImmutableArray<Operation> All { get; } =
    [
        new("glu", OperationKind.Function, [X], c => Halves(c, r => r * Sigmoid(r)), "{x}.glu({axis})", "a * sigmoid(b) of the two halves of the first axis.")
        {
            Source = "Dauphin et al. 2017, arXiv:1612.08083",
            Site = "{plan}.Map(SiteKernels.Glu, {x})",
        },
        new("gated", OperationKind.Function, [X], c => Halves(c, r => r.Map(Math.Tanh) * Sigmoid(r)), "Layers.Gated({x}, {axis})", "tanh(a) * sigmoid(b) of the two halves of the first axis.")
        {
            Source = "van den Oord et al. 2016, arXiv:1606.05328",
            KeepsOutput = false,
            Site = "{plan}.Map(SiteKernels.Gated, {x})",
        },
        new("concat_elu", OperationKind.Function, [X], ConcatElu, "Layers.ConcatElu({x}, {axis})", "elu of x and of -x, one behind the other along the first axis: [c, ...] to [2 * c, ...].")
        {
            Source = "Salimans et al. 2017, arXiv:1701.05517",
            KeepsOutput = true,
            Site = "{plan}.Map(SiteKernels.ConcatElu, {x})",
        },
        new("softmax", OperationKind.Function, [X], c => Normalised(c, Interval.Unit), "{x}.softmax({axis})", "exp(x), scaled to sum to 1 over the first axis.")
        {
            KeepsOutput = true,
            Site = "{plan}.Map(SiteKernels.Softmax, {x})",
        },
        new("log_softmax", OperationKind.Function, [X], c => Normalised(c, -Interval.NonNegative), "{x}.log_softmax({axis})", "The logarithm of softmax, without its underflow.")
        {
            KeepsOutput = true,
            Site = "{plan}.Map(SiteKernels.LogSoftmax, {x})",
        },
        new("logsumexp", OperationKind.Function, [X], LogSumExp, "{x}.logsumexp({axis})", "The logarithm of the sum of exp(x) over the first axis, without overflow: [c, ...] to [...].")
        {
            KeepsOutput = true,
        },
        new("append_ones", OperationKind.Function, [X], AppendOnes, "Functional.pad({x}, {pads}, value: 1)", "One more feature that is 1 everywhere: [c, ...] to [c + 1, ...]; zero padding becomes visible.")
        {
            Site = "{plan}.Concat({x}, {plan}.Constant({plan}.Hold(torch.ones({ones}, dtype: {plan}.Type, device: {plan}.Device))))",
        },
        new("dropout", OperationKind.Layer, [new("x", ParameterKind.Tensor, null, "any shape"), new("p", ParameterKind.Number, "0.5", "the probability of a zero, in [0, 1)"), new("per", ParameterKind.Word, null, "sample: all numbers of a sample together, which a residual branch needs for stochastic depth") { Words = ["sample"], IsOptional = true }],
            Dropout, "Layers.Dropout({x}, {p}, {mode}, {draws}{each})", "In training, numbers become 0 with probability p and are scaled by 1 / (1 - p) otherwise; in evaluation nothing.")
        {
            Source = "Srivastava et al. 2014; per sample Huang et al. 2016, arXiv:1603.09382",
            IsView = true,
            UsesMode = true,
            UsesDraws = true,
            Site = "{x}",
        },
    ];

    private static Interval Sigmoid(Interval range)
    {
        Interval image = range.Map(v => 1 / (1 + Math.Exp(-v)));
        return image.Low <= 0 ? image with { Low = 0, LowOpen = true } : image;
    }

    private static OperationAttribute Axis(TensorType x) => new SizeAttribute(x.Rows is null ? 0 : 1);

    private static bool RequireFeatures(OperationCall call) =>
        call.RequireReal("x") && call.RequireRank("x", "[features] or [features, sites...]", 1, 2, 3);

    private static OperationOutcome? Halves(OperationCall call, Func<Interval, Interval> range)
    {
        if (!RequireFeatures(call))
        {
            return null;
        }

        TensorType x = call.Type("x");
        return x.Shape[0].TryDivide(2) is { } half
            ? OperationOutcome.Of(x.WithFeatures(half, range(x.Range)), ("axis", Axis(x))) with { Access = new RearrangeAccess(Rearrangement.Chunk) }
            : call.Fail("x", b => b.NotDivisible(call.Operation.Name, x, 2));
    }

    private static OperationOutcome? ConcatElu(OperationCall call)
    {
        if (!RequireFeatures(call))
        {
            return null;
        }

        TensorType x = call.Type("x");
        Interval range = PointwiseEntries.Elu(x.Range).Join(PointwiseEntries.Elu(-x.Range));
        return OperationOutcome.Of(x.WithFeatures(2 * x.Shape[0], range), ("axis", Axis(x))) with { Access = new RearrangeAccess(Rearrangement.Concat) };
    }

    private static OperationOutcome? Normalised(OperationCall call, Interval range)
    {
        if (!RequireFeatures(call))
        {
            return null;
        }

        TensorType x = call.Type("x");
        return OperationOutcome.Of(TensorType.Real(x.Rows, x.Shape) with { Range = range }, ("axis", Axis(x))) with { Access = Access.Features };
    }

    private static OperationOutcome? LogSumExp(OperationCall call)
    {
        if (!RequireFeatures(call))
        {
            return null;
        }

        TensorType x = call.Type("x");
        double count = x.Shape[0].Value is { } n ? Math.Log(n) : double.PositiveInfinity;
        Interval range = x.Range + new Interval(x.Shape[0].Value is null ? 0 : count, count, false, double.IsInfinity(count));
        return OperationOutcome.Of(x.With(shape: x.Shape.RemoveAt(0), range: range), ("axis", Axis(x))) with { Access = Access.Everything };
    }

    private static OperationOutcome? AppendOnes(OperationCall call)
    {
        if (!RequireFeatures(call))
        {
            return null;
        }

        // libtorch counts pads from the last axis.
        TensorType x = call.Type("x");
        ImmutableArray<Dim> pads = [.. Enumerable.Repeat(Dim.Zero, (2 * x.Shape.Length) - 1), Dim.One];
        TensorType result = TensorType.Real(x.Rows, x.Shape.SetItem(0, x.Shape[0] + 1)) with { Range = x.Range.Join(Interval.Point(1)) };
        return OperationOutcome.Of(result, ("pads", new SizesAttribute(pads)), ("ones", new SizesAttribute(x.Shape.SetItem(0, Dim.One)))) with
        {
            Access = new RearrangeAccess(Rearrangement.Concat),
        };
    }

    private static OperationOutcome? Dropout(OperationCall call)
    {
        if (!call.RequireReal("x"))
        {
            return null;
        }

        HostValue p = call.Number("p");
        if (!call.Demand("p", new Interval(0, 1, false, true)))
        {
            return null;
        }

        TensorType x = call.Type("x");
        bool perSample = call.Has("per");
        if (perSample && x.Rows is null)
        {
            return call.Fail("x", b => b.NeedsRows("dropout"));
        }

        double most = p.Constant is { } known ? 1 / (1 - known) : double.PositiveInfinity;
        return OperationOutcome.Of(x.With(range: (x.Range * new Interval(1, most, false, double.IsInfinity(most))).Join(Interval.Point(0))), ("p", new NumberAttribute(p)), ("each", new CodeAttribute(perSample ? ", perSample: true" : "")));
    }
}
