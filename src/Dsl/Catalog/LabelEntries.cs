using System.Collections.Immutable;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>From numbers for each value of a label to the label, and back.</summary>
internal static class LabelEntries
{
    public static ImmutableArray<Operation> All { get; } =
    [
        new("argmax", OperationKind.Function, [new("x", ParameterKind.Tensor, null, "[n], [n, t] or [n, h, w]: a number for each of n values")],
            ArgMax, "{x}.argmax({axis}{keep})", "The value whose number is the greatest, a class[n] at each site, without gradient: [n] to [], [n, t] to [t], [n, h, w] to [1, h, w].")
        {
            CutsGradient = true,
        },
        new("one_hot", OperationKind.Function, [new("x", ParameterKind.Tensor, null, "bits, levels, classes or codes, one of n values: [], [t], [1, t] or [1, h, w]")],
            OneHot, "OneHot.Of({x}, {classes}, {axis}, State)", "1 at the place of the value, 0 at those of the others, along the first axis: what 'argmax' takes back.")
        {
            CutsGradient = true,
        },
        new("quantize", OperationKind.Function,
            [new("x", ParameterKind.Tensor, null, "bounded reals"), new("bins", ParameterKind.Size, null, "how many, 2 or more")],
            Quantize, "Layers.Quantize({x}, {low}, {high}, {bins})", "The bin of each number, one of code[bins]: its range in equal parts, the first one 0, without gradient.")
        {
            CutsGradient = true,
        },
    ];

    /// <summary>The shape of the labels that numbers along the first axis stand for.</summary>
    public static ImmutableArray<Dim> LabelShape(TensorType x) => x.Shape.Length == 3 ? x.Shape.SetItem(0, Dim.One) : x.Shape.RemoveAt(0);

    /// <summary>What makes a result along the first axis of the shape of labels: the axis stays where images keep one.</summary>
    public static OperationAttribute Keep(TensorType x) => new CodeAttribute(x.Shape.Length == 3 ? ", keepdim: true" : "");

    /// <summary>The axis of the values.</summary>
    public static OperationAttribute Axis(TensorType x) => new SizeAttribute(x.Rows is null ? 0 : 1);

    private static OperationOutcome? ArgMax(OperationCall call)
    {
        if (!call.RequireReal("x") || !call.RequireRank("x", "[n], [n, t] or [n, h, w]", 1, 2, 3))
        {
            return null;
        }

        TensorType x = call.Type("x");
        Dim n = x.Shape[0];
        Interval range = n.Value is { } known ? new Interval(0, known - 1) : Interval.NonNegative;
        return OperationOutcome.Of(new TensorType(Element.Class, n, x.Rows, LabelShape(x), range), ("axis", Axis(x)), ("keep", Keep(x))) with { Access = Access.Features };
    }

    private static OperationOutcome? Quantize(OperationCall call)
    {
        TensorType x = call.Type("x");
        if (!call.RequireReal("x"))
        {
            return null;
        }

        if (double.IsInfinity(x.Range.Low) || double.IsInfinity(x.Range.High) || x.Range.High <= x.Range.Low)
        {
            return call.Fail("x", b => b.CannotRescale(x, "quantize"));
        }

        Dim bins = call.Size("bins");
        return bins.LowerBound < 2
            ? call.Fail("bins", b => b.NumberOutOfRange("'bins' of 'quantize'", "2 or more"))
            : OperationOutcome.Of(
                new TensorType(Element.Code, bins, x.Rows, x.Shape, bins.Value is { } n ? new Interval(0, n - 1) : Interval.NonNegative),
                ("low", new NumberAttribute(HostValue.Float(x.Range.Low))), ("high", new NumberAttribute(HostValue.Float(x.Range.High))), ("bins", new SizeAttribute(bins)));
    }

    private static OperationOutcome? OneHot(OperationCall call)
    {
        TensorType x = call.Type("x");
        if (!x.IsDiscrete)
        {
            return call.Fail("x", b => b.OutsideSupport("one_hot", "bits, levels, classes or codes", x));
        }

        bool hasAxis = x.Shape.Length > 1;
        if (x.Shape.Length > 3 || (hasAxis && x.Shape[0].Value != 1))
        {
            return call.Fail("x", b => b.WrongRank("one_hot", x, "[], [t], [1, t] or [1, h, w]"));
        }

        ImmutableArray<Dim> shape = hasAxis ? x.Shape.SetItem(0, x.Count) : x.Shape.Insert(0, x.Count);
        return OperationOutcome.Of(TensorType.Real(x.Rows, shape).With(range: Interval.Unit), ("axis", Axis(x)), ("classes", new SizeAttribute(x.Count))) with { Access = Access.Features };
    }
}
