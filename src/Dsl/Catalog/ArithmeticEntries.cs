using System;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>What the operators of the language stand for. Their names are no words of the language.</summary>
internal static class ArithmeticEntries
{
    private static readonly OperationParameter A = new("a", ParameterKind.Tensor, null, "left operand");
    private static readonly OperationParameter B = new("b", ParameterKind.Tensor, null, "right operand");
    private static readonly OperationParameter S = new("s", ParameterKind.Number, null, "a number");

    /// <summary>A value without rows, the same for every row: fused losses want equal sizes. The elaborator gives its type.</summary>
    public static Operation Rows { get; } = new("~rows", OperationKind.Function, [A], _ => null, "{a}.expand({shape})", "The value once per row.") { IsView = true };

    /// <summary>A value taken for one of a space, whatever its range. The elaborator gives its type.</summary>
    public static Operation As { get; } = new("~as", OperationKind.Function, [A], _ => null, "{a}.alias()", "The value as one of a space.") { IsView = true, IsItself = true };

    public static ImmutableArray<Operation> All { get; } =
    [

        // TorchSharp makes the factor of 'add(b)' anew and may free it before libtorch has read it: it is held here.
        Binary("+", "{a}.add({b}, {one})", "{a}.add_({b}, {one})", "Add", (a, b) => a + b),
        Binary("-", "{a}.sub({b})", "{a}.sub_({b})", "Subtract", (a, b) => a - b),
        Binary("*", "{a}.mul({b})", null, "Multiply", (a, b) => a * b),
        Binary("/", "{a}.div({b})", null, "Divide", (a, b) => a * b.Reciprocal()),
        Scalar("+s", "{a}.add({s})", "{a}.add_({s})", "Scale(1, {number})", (a, s) => a + s),
        Scalar("s-", "{a}.neg().add_({s})", "{a}.neg_().add_({s})", "Scale(-1, {number})", (a, s) => s - a),
        Scalar("*s", "{a}.mul({s})", "{a}.mul_({s})", "Scale({number}, 0)", (a, s) => a * s),
        Scalar("/s", "{a}.div({s})", "{a}.div_({s})", "Scale(1.0 / ({number}), 0)", (a, s) => a * s.Reciprocal()),

        // Not reciprocal(): its backward pass reads its result, which mul_ would have written over.
        Scalar("s/", "{a}.pow({minus_one}).mul_({s})", null, "Scale({number}, 0)", (a, s) => s * a.Reciprocal()) with
        {
            Site = "{plan}.Map(SiteKernels.Scale({number}, 0), {plan}.Map(SiteKernels.Power(-1), {a}))",
        },
        new("^s", OperationKind.Function, [A, S], ToPower, "{a}.pow({s})", "Arithmetic with a number.") { Site = "{plan}.Map(SiteKernels.Power({number}), {a})" },
        Rows,
        As,
        new("neg", OperationKind.Function, [A], c => c.RequireReal("a") ? OperationOutcome.Of(c.Type("a").With(range: -c.Type("a").Range)) : null, "{a}.neg()", "-a.") { InPlace = "{a}.neg_()", Site = "{plan}.Map(SiteKernels.Scale(-1, 0), {a})" },
    ];

    /// <summary>True for the names that only operators use.</summary>
    public static bool IsOperator(string name) => !char.IsLetter(name[0]) || name.StartsWith("s-", StringComparison.Ordinal) || name.StartsWith("s/", StringComparison.Ordinal);

    private static Operation Binary(string name, string call, string? inPlace, string kernel, Func<Interval, Interval, Interval> range) =>
        new(name, OperationKind.Function, [A, B], c => Elementwise(c, range), call, $"a {name} b, elementwise.")
        {
            InPlace = inPlace,
            Site = $"{{plan}}.Map(SiteKernels.{kernel}, {{a}}, {{b}})",
        };

    private static Operation Scalar(string name, string call, string? inPlace, string kernel, Func<Interval, Interval, Interval> range) =>
        new(name, OperationKind.Function, [A, S],
            c => c.RequireReal("a") ? OperationOutcome.Of(c.Type("a").With(range: range(c.Type("a").Range, c.Number("s").Range)), ("s", new ScalarAttribute(c.Number("s"))), ("minus_one", new ScalarAttribute(HostValue.Of(Dim.Constant(-1)))), ("number", new NumberAttribute(c.Number("s")))) : null,
            call, "Arithmetic with a number.")
        {
            InPlace = inPlace,
            Site = $"{{plan}}.Map(SiteKernels.{kernel}, {{a}})",
        };

    private static OperationOutcome? Elementwise(OperationCall call, Func<Interval, Interval, Interval> range) =>
        Common(call, range) is { } type ? OperationOutcome.Of(type, ("one", new ScalarAttribute(HostValue.Of(Dim.One)))) : null;

    /// <summary>The type of what is computed elementwise from 'a' and 'b'; null, reported, where they do not go together.</summary>
    public static TensorType? Common(OperationCall call, Func<Interval, Interval, Interval> range)
    {
        if (!call.RequireReal("a") || !call.RequireReal("b"))
        {
            return null;
        }

        TensorType a = call.Type("a");
        TensorType b = call.Type("b");
        if (a.Rows is not null && b.Rows is not null && !Types.Rows.Agree(a.Rows, b.Rows))
        {
            call.Fail(null, d => d.RowsMix(call.Operation.Name.TrimStart('~'), a.Rows, b.Rows));
            return null;
        }

        if (Broadcast(a, b) is { } shape)
        {
            return Crossed(Classed(new TensorType(Element.Real, 0, a.Rows ?? b.Rows, shape, range(a.Range, b.Range)), a, b), a, b);
        }

        call.Fail(null, d => d.CannotBroadcast(call.Operation.Name.TrimStart('~'), a, b));
        return null;
    }

    /// <summary>The common shape: equal ranks and equal or size-1 axes, or one side a single number without rows.</summary>
    private static ImmutableArray<Dim>? Broadcast(TensorType a, TensorType b)
    {
        if (a.IsScalar)
        {
            return b.Shape;
        }

        if (b.IsScalar)
        {
            return a.Shape;
        }

        if (a.Shape.Length != b.Shape.Length)
        {
            return null;
        }

        // A value without rows lines up with the per-sample axes: PyTorch aligns from the right.
        ImmutableArray<Dim?> shape = [.. a.Shape.Zip(b.Shape, (x, y) => x.Equals(y) ? x : x.Value == 1 ? y : y.Value == 1 ? x : null)];
        return shape.Any(d => d is null) ? null : [.. shape.Select(d => d!)];
    }

    // What has no classes of its own takes those of the other; two that differ leave none.
    private static TensorType Classed(TensorType result, TensorType a, TensorType b)
    {
        bool Fits(TensorType side) => side.Order is null || side.SameShape(result);
        TensorType from = a.Order is null ? b : a;
        bool agree = a.Order is null || b.Order is null || (a.Order.Equals(b.Order) && Equals(a.Classes, b.Classes));
        return agree && Fits(a) && Fits(b) ? result with { Order = from.Order, Classes = from.Classes } : result;
    }

    // An axis of rows stays one beside a number for each of them, or one for all.
    private static TensorType Crossed(TensorType result, TensorType a, TensorType b)
    {
        Types.Rows? across = a.Across ?? b.Across;
        bool Fits(TensorType side) => side.Across is { } own ? own.Equals(across) && side.Shape[0].Equals(result.Shape[0]) : side.Shape.Length == 0 || side.Shape[0].Value == 1;
        return across is not null && Fits(a) && Fits(b) ? result with { Across = across } : result;
    }

    private static OperationOutcome? ToPower(OperationCall call)
    {
        if (!call.RequireReal("a"))
        {
            return null;
        }

        // A root of a negative number is no number, and one of 0 has no slope.
        TensorType a = call.Type("a");
        HostValue s = call.Number("s");
        bool isWhole = s.Kind == HostKind.Int || s.Constant % 1 == 0;
        Interval wanted = isWhole ? Interval.All : s.Constant > 1 ? Interval.NonNegative : Interval.Positive;
        return wanted.Contains(a.Range)
            ? OperationOutcome.Of(a.With(range: Power(a.Range, s.Range)), ("s", new ScalarAttribute(s)), ("number", new NumberAttribute(s)))
            : call.Fail("a", b => b.ParameterRange("^", "base", wanted, a.Range));
    }

    private static Interval Power(Interval a, Interval exponent)
    {
        if (exponent.Single is not { } p)
        {
            return a.Low >= 0 ? Interval.NonNegative : Interval.All;
        }

        if (p == 2)
        {
            double high = Math.Max(a.Low * a.Low, a.High * a.High);
            double low = a.Low <= 0 && a.High >= 0 ? 0 : Math.Min(a.Low * a.Low, a.High * a.High);
            return new(low, high, false, double.IsInfinity(high));
        }

        return a.Low >= 0 && p > 0 ? a.Map(v => Math.Pow(v, p)) : p % 2 == 0 ? Interval.NonNegative : Interval.All;
    }
}
