using System;
using System.Collections.Immutable;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Catalog;

/// <summary>Sums and means, and the losses that TorchSharp has as one fused call.</summary>
internal static class ReductionEntries
{
    private static readonly OperationParameter X = new("x", ParameterKind.Tensor, null, "any shape");

    private static readonly OperationParameter Per = new("per", ParameterKind.Word, null, "sample: one number per row") { Words = ["sample"], IsOptional = true };

    public static ImmutableArray<Operation> All { get; } =
    [
        new("mean", OperationKind.Reduction, [X, Per], c => Reduce(c, (range, _) => range), "{x}.mean({axes})", "The mean over all numbers, or per sample."),
        new("sum", OperationKind.Reduction, [X, Per], c => Reduce(c, Sum), "{x}.sum({axes})", "The sum of all numbers, or per sample."),
        new("norm", OperationKind.Reduction, [X, Per], c => Reduce(c, Norm), "torch.linalg.vector_norm({x}, 2, {norm_axes})", "The Euclidean norm of all numbers, or per sample; its gradient is 0 where all are 0.") { KeepsOutput = true },
        new("bce_with_logits", OperationKind.Function,
            [new("logits", ParameterKind.Tensor, null, "log-odds"), new("target", ParameterKind.Tensor, null, "bits or reals in [0, 1]")],
            BinaryCrossEntropy,
            "Functional.binary_cross_entropy_with_logits({logits}, {target}, reduction: torch.nn.Reduction.None)",
            "-log Bernoulli(target; sigmoid(logits)), elementwise, in nats."),
        new("cross_entropy", OperationKind.Function,
            [new("logits", ParameterKind.Tensor, null, "n per number of the target: [n * c, ...] for a target [c, ...], [n, t] for [t], [n] for a single one"), new("target", ParameterKind.Tensor, null, "bits, levels, classes or codes, one of n values")],
            CrossEntropy,
            "Distributions.CrossEntropy({logits}, {target}, {classes})",
            "-log softmax(logits)[target] for each number of the target, in nats."),
    ];

    private static OperationOutcome? Reduce(OperationCall call, Func<Interval, double, Interval> range)
    {
        TensorType x = call.Type("x");
        if (!call.RequireReal("x"))
        {
            return null;
        }

        double count = Dim.Product(x.Shape).Value ?? double.PositiveInfinity;
        if (!call.Has("per"))
        {
            return OperationOutcome.Of(
                new TensorType(Element.Real, 0, null, [], range(x.Range, x.Rows is null ? count : double.PositiveInfinity)), ("axes", new CodeAttribute("")), ("norm_axes", new CodeAttribute("null"))) with { Access = Access.Everything };
        }

        if (x.Rows is null)
        {
            return call.Fail("x", b => b.NeedsRows(call.Operation.Name));
        }

        var axes = new Dim[x.Shape.Length];
        for (int i = 0; i < axes.Length; i++)
        {
            axes[i] = i + 1;
        }

        return OperationOutcome.Of(new TensorType(Element.Real, 0, x.Rows, [], range(x.Range, count)), ("axes", new SizesAttribute([.. axes])), ("norm_axes", new SizesAttribute([.. axes]))) with { Access = Access.Everything };
    }

    private static Interval Norm(Interval range, double count)
    {
        double most = Math.Max(Math.Abs(range.Low), Math.Abs(range.High));
        return new(0, most * Math.Sqrt(count), false, double.IsInfinity(most) || double.IsInfinity(count));
    }

    private static Interval Sum(Interval range, double count) =>
        double.IsInfinity(count)
            ? (range.Low >= 0 ? Interval.NonNegative : range.High <= 0 ? -Interval.NonNegative : Interval.All)
            : range * Interval.Point(count);

    private static OperationOutcome? CrossEntropy(OperationCall call)
    {
        TensorType logits = call.Type("logits");
        TensorType target = call.Type("target");
        if (!call.RequireReal("logits"))
        {
            return null;
        }

        if (!target.IsDiscrete)
        {
            return call.Fail("target", b => b.OutsideSupport("cross_entropy", "bits, levels, classes or codes", target));
        }

        if (!ParameterShapes.Fits(ParameterLayout.PerClass, target, logits))
        {
            (string wanted, string asked) = ParameterShapes.Wanted("categorical", ParameterLayout.PerClass, target);
            return call.Fail("logits", b => b.WrongParameterShape("cross_entropy", "logits", "target", target, wanted, asked, logits));
        }

        return Equals(logits.Rows, target.Rows)
            ? OperationOutcome.Of(new TensorType(Element.Real, 0, target.Rows, target.Shape, Interval.NonNegative), ("classes", new SizeAttribute(target.Count))) with { Access = Access.Features }
            : call.Fail(null, b => b.ShapesDiffer("cross_entropy", "'logits'", logits, "'target'", target with { Shape = logits.Shape }));
    }

    private static OperationOutcome? BinaryCrossEntropy(OperationCall call)
    {
        TensorType logits = call.Type("logits");
        TensorType target = call.Type("target");
        if (!call.RequireReal("logits"))
        {
            return null;
        }

        if (target.Element != Element.Bit && !(target.Element == Element.Real && Interval.Unit.Contains(target.Range)))
        {
            return call.Fail("target", b => b.OutsideSupport("bce_with_logits", "bits or reals in [0, 1]", target));
        }

        return logits.SameShape(target) && Equals(logits.Rows, target.Rows)
            ? OperationOutcome.Of(logits.With(range: Interval.NonNegative))
            : call.Fail(null, b => b.ShapesDiffer("bce_with_logits", "'logits'", logits, "'target'", target));
    }
}
