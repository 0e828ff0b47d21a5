using System;
using System.Collections.Immutable;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>The greater and the smaller of two values; those of all numbers are reductions.</summary>
internal static class ExtremeEntries
{
    private static readonly OperationParameter A = new("a", ParameterKind.Tensor, null, "any shape");
    private static readonly OperationParameter B = new("b", ParameterKind.Tensor, null, "the same shape, or one that goes together with it");
    private static readonly OperationParameter S = new("s", ParameterKind.Number, null, "a number");

    public static ImmutableArray<Operation> All { get; } =
    [
        Two("~max", "{a}.maximum({b})", Greater), Number("~max_number", "{a}.clamp_min({s})", Greater),
        Two("~min", "{a}.minimum({b})", Smaller), Number("~min_number", "{a}.clamp_max({s})", Smaller),
    ];

    /// <summary>True for the words that compare two values, or all numbers of one.</summary>
    public static bool IsWord(string name) => name is "max" or "min";

    private static Operation Two(string name, string call, Func<Interval, Interval, Interval> range) => new(
        name, OperationKind.Function, [A, B], c => ArithmeticEntries.Common(c, range) is { } type ? OperationOutcome.Of(type) : null, call, "One of two numbers.");

    private static Operation Number(string name, string call, Func<Interval, Interval, Interval> range) => new(
        name, OperationKind.Function, [A, S],
        c => c.RequireReal("a") ? OperationOutcome.Of(c.Type("a").With(range: range(c.Type("a").Range, c.Number("s").Range)), ("s", new ScalarAttribute(c.Number("s")))) : null,
        call, "A number, or what it is to be at least or at most.");

    private static Interval Greater(Interval a, Interval b)
    {
        bool low = a.Low > b.Low || (a.Low == b.Low && a.LowOpen);
        bool high = a.High > b.High || (a.High == b.High && !a.HighOpen);
        return new(low ? a.Low : b.Low, high ? a.High : b.High, low ? a.LowOpen : b.LowOpen, high ? a.HighOpen : b.HighOpen);
    }

    private static Interval Smaller(Interval a, Interval b) => -Greater(-a, -b);
}
