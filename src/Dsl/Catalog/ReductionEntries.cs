using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Sums and means, and the losses that TorchSharp has as one fused call.</summary>
internal static class ReductionEntries
{
    private static readonly OperationParameter X = new("x", ParameterKind.Tensor, null, "any shape");

    private static readonly OperationParameter Per = new("per", ParameterKind.Word, null, "sample: one number per row") { Words = ["sample"], IsOptional = true };

    private static readonly OperationParameter Over = new("over", ParameterKind.Axes, null, "axes by their places, 0 the first and -1 the last, or rows: what is left has the other axes") { Words = ["rows"], IsOptional = true };

    public static ImmutableArray<Operation> All { get; } =
    [
        new("mean", OperationKind.Reduction, [X, Per, Over], c => Reduce(c, (range, _) => range), "{x}.mean({axes})", "The mean over all numbers, per sample, or over axes."),
        new("sum", OperationKind.Reduction, [X, Per, Over], c => Reduce(c, Sum), "{x}.sum({axes})", "The sum of all numbers, per sample, or over axes."),
        new("max", OperationKind.Reduction, [X, Per, Over], c => Reduce(c, (range, _) => range), "{greatest}", "The greatest of all numbers, per sample, or over axes; max(a, b) is the greater of two values, number by number.") { KeepsOutput = true },
        new("min", OperationKind.Reduction, [X, Per, Over], c => Reduce(c, (range, _) => range), "{smallest}", "The smallest of all numbers, per sample, or over axes; min(a, b) is the smaller of two values, number by number.") { KeepsOutput = true },
        new("norm", OperationKind.Reduction, [X, Per, Over], c => Reduce(c, Norm), "torch.linalg.vector_norm({x}, 2, {norm_axes})", "The Euclidean norm of all numbers, per sample, or over axes; its gradient is 0 where all are 0.") { KeepsOutput = true },
        new("bce_with_logits", OperationKind.Function,
            [new("logits", ParameterKind.Tensor, null, "log-odds"), new("target", ParameterKind.Tensor, null, "bits or reals in [0, 1]")],
            BinaryCrossEntropy,
            "Functional.binary_cross_entropy_with_logits({logits}, {target}, reduction: torch.nn.Reduction.None)",
            "-log Bernoulli(target; sigmoid(logits)), elementwise, in nats."),
        new("cross_entropy", OperationKind.Function,
            [new("logits", ParameterKind.Tensor, null, "n per number of the target: [n * c, ...] for a target [c, ...], [n, t] for [t], [n] for a single one"), new("target", ParameterKind.Tensor, null, "bits, levels, classes or codes, one of n values; or probabilities along the first axis")],
            CrossEntropy,
            "Distributions.{form}",
            "-log softmax(logits)[target] for each number of the target, in nats. Of probabilities as target, of the shape of the logits: -sum target * log softmax(logits) at each site."),
        new("correct", OperationKind.Function,
            [new("logits", ParameterKind.Tensor, null, "as of 'cross_entropy'"), new("target", ParameterKind.Tensor, null, "bits, levels, classes or codes, one of n values")],
            Correct,
            "Distributions.Correct({logits}, {target}, {classes})",
            "1 where the largest of a number's logits is that of its target, 0 elsewhere; its mean is the accuracy.")
        {
            CutsGradient = true,
        },
    ];

    private static OperationOutcome? Reduce(OperationCall call, Func<Interval, double, Interval> range)
    {
        TensorType x = call.Type("x");
        if (!call.RequireReal("x"))
        {
            return null;
        }

        if (call.Has("over"))
        {
            return OverAxes(call, x, range);
        }

        double count = Dim.Product(x.Shape).Value ?? double.PositiveInfinity;
        if (!call.Has("per"))
        {
            return OperationOutcome.Of(
                new TensorType(Element.Real, 0, null, [], range(x.Range, x.Rows is null ? count : double.PositiveInfinity)), Axes(null)) with { Access = Access.Everything };
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

        return OperationOutcome.Of(new TensorType(Element.Real, 0, x.Rows, [], range(x.Range, count)), Axes([.. axes])) with { Access = Access.Everything };
    }

    // Rows are an axis like others here, whose length nobody knows.
    private static OperationOutcome? OverAxes(OperationCall call, TensorType x, Func<Interval, double, Interval> range)
    {
        if (call.Has("per"))
        {
            return call.Fail("over", b => b.NumberOutOfRange("'over' beside 'per'", "left out: one of them says what is reduced"));
        }

        int offset = x.Rows is null ? 0 : 1;
        var axes = new SortedSet<int>();
        foreach (HostValue axis in call.Numbers("over"))
        {
            if (axis.Kind == HostKind.Word)
            {
                if (x.Rows is null)
                {
                    return call.Fail("x", b => b.NeedsRows(call.Operation.Name));
                }

                axes.Add(0);
            }
            else if (axis.Size!.Value is { } place && place >= -x.Shape.Length && place < x.Shape.Length)
            {
                axes.Add((int)(place < 0 ? place + x.Shape.Length : place) + offset);
            }
            else
            {
                return call.Fail("over", b => b.NoSuchAxis(call.Operation.Name, x));
            }
        }

        bool overRows = offset == 1 && axes.Contains(0);
        ImmutableArray<Dim> shape = [.. x.Shape.Where((_, i) => !axes.Contains(i + offset))];
        double count = overRows ? double.PositiveInfinity : Dim.Product(x.Shape.Where((_, i) => axes.Contains(i + offset))).Value ?? double.PositiveInfinity;
        return OperationOutcome.Of(new TensorType(Element.Real, 0, overRows ? null : x.Rows, shape, range(x.Range, count)), Axes([.. axes.Select(a => (Dim)a)])) with { Access = Access.Everything };
    }

    // Over all of them where none are said; the extremes of all are functions of another name.
    private static (string, OperationAttribute)[] Axes(ImmutableArray<Dim>? axes) => axes is { } some
        ? [("axes", new SizesAttribute(some)), ("norm_axes", new SizesAttribute(some)), ("greatest", new TemplateAttribute("{x}.amax({axes})")), ("smallest", new TemplateAttribute("{x}.amin({axes})"))]
        : [("axes", new CodeAttribute("")), ("norm_axes", new CodeAttribute("null")), ("greatest", new TemplateAttribute("{x}.max()")), ("smallest", new TemplateAttribute("{x}.min()"))];

    private static Interval Norm(Interval range, double count)
    {
        double most = Math.Max(Math.Abs(range.Low), Math.Abs(range.High));
        return new(0, most * Math.Sqrt(count), false, double.IsInfinity(most) || double.IsInfinity(count));
    }

    private static Interval Sum(Interval range, double count) =>
        double.IsInfinity(count)
            ? (range.Low >= 0 ? new Interval(range.Low, double.PositiveInfinity, range.LowOpen, true) : range.High <= 0 ? -Interval.NonNegative : Interval.All)
            : range * Interval.Point(count);

    private static OperationOutcome? CrossEntropy(OperationCall call) => call.Type("target").Element == Element.Real
        ? OfProbabilities(call)
        : OfLogits(call, Interval.NonNegative, ("form", new TemplateAttribute("CrossEntropy({logits}, {target}, {classes})")));

    // Probabilities in place of a label, one for each of its values.
    private static OperationOutcome? OfProbabilities(OperationCall call)
    {
        (TensorType logits, TensorType target) = (call.Type("logits"), call.Type("target"));
        if (!call.RequireReal("logits") || !call.RequireRank("logits", "[n], [n, t] or [n, h, w]", 1, 2, 3))
        {
            return null;
        }

        return !Interval.Unit.Contains(target.Range) ? call.Fail("target", b => b.OutsideSupport("cross_entropy", "bits, levels, classes or codes, or probabilities in [0, 1]", target))
            : !logits.SameShape(target) || !Rows.Agree(logits.Rows, target.Rows) ? call.Fail(null, b => b.ShapesDiffer("cross_entropy", "'logits'", logits, "'target'", target))
            : OperationOutcome.Of(
                new TensorType(Element.Real, 0, target.Rows, LabelEntries.LabelShape(logits), Interval.NonNegative),
                ("form", new TemplateAttribute("SoftCrossEntropy({logits}, {target}, {axis}{keep})")), ("axis", LabelEntries.Axis(logits)), ("keep", LabelEntries.Keep(logits))) with { Access = Access.Features };
    }

    private static OperationOutcome? Correct(OperationCall call) => OfLogits(call, Interval.Unit);

    // One number for each of a target, told by n logits.
    private static OperationOutcome? OfLogits(OperationCall call, Interval range, params (string, OperationAttribute)[] more)
    {
        TensorType logits = call.Type("logits");
        TensorType target = call.Type("target");
        if (!call.RequireReal("logits"))
        {
            return null;
        }

        if (!target.IsDiscrete)
        {
            return call.Fail("target", b => b.OutsideSupport(call.Operation.Name, "bits, levels, classes or codes", target));
        }

        if (!ParameterShapes.Fits(ParameterLayout.PerClass, target, logits))
        {
            (string wanted, string asked) = ParameterShapes.Wanted("categorical", ParameterLayout.PerClass, target);
            return call.Fail("logits", b => b.WrongParameterShape(call.Operation.Name, "logits", "target", target, wanted, asked, logits));
        }

        return Rows.Agree(logits.Rows, target.Rows)
            ? OperationOutcome.Of(new TensorType(Element.Real, 0, target.Rows, target.Shape, range), [.. more, ("classes", new SizeAttribute(target.Count))]) with { Access = Access.Features }
            : call.Fail(null, b => b.ShapesDiffer(call.Operation.Name, "'logits'", logits, "'target'", target with { Shape = logits.Shape }));
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

        return logits.SameShape(target) && Rows.Agree(logits.Rows, target.Rows)
            ? OperationOutcome.Of(logits.With(range: Interval.NonNegative))
            : call.Fail(null, b => b.ShapesDiffer("bce_with_logits", "'logits'", logits, "'target'", target));
    }
}
