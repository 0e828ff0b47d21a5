using System.Collections.Immutable;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>What comparisons with tensors stand for: 1 where they hold, 0 elsewhere. Their names are no words of the language.</summary>
internal static class ComparisonEntries
{
    private static readonly OperationParameter A = new("a", ParameterKind.Tensor, null, "left operand");
    private static readonly OperationParameter B = new("b", ParameterKind.Tensor, null, "right operand");
    private static readonly OperationParameter S = new("s", ParameterKind.Number, null, "a number");

    public static ImmutableArray<Operation> All { get; } =
    [
        Tensors("<", "Less", "{a}, {b}"),
        Tensors("<=", "LessOrEqual", "{a}, {b}"),
        Tensors(">", "Less", "{b}, {a}"),
        Tensors(">=", "LessOrEqual", "{b}, {a}"),
        Number("<s", "Less", "Below"),
        Number("<=s", "LessOrEqual", "AtMost"),
        Number(">s", "Greater", "Above"),
        Number(">=s", "GreaterOrEqual", "AtLeast"),
    ];

    /// <summary>The same comparison with its sides the other way round.</summary>
    public static string Turned(string comparison) => comparison[0] == '<' ? ">" + comparison.Substring(1) : "<" + comparison.Substring(1);

    private static Operation Tensors(string name, string method, string operands) => new(
        name, OperationKind.Function, [A, B], c => ArithmeticEntries.Common(c, (_, _) => Interval.Unit) is { } type ? OperationOutcome.Of(type) : null,
        $"Comparisons.{method}({operands})", $"1 where a {name} b, 0 elsewhere, without gradient.") { CutsGradient = true, Site = $"{{plan}}.Map(SiteKernels.{method}, {operands})" };

    private static Operation Number(string name, string method, string kernel) => new(
        name, OperationKind.Function, [A, S],
        c => c.RequireReal("a") ? OperationOutcome.Of(c.Type("a").With(range: Interval.Unit), ("s", new ScalarAttribute(c.Number("s"))), ("number", new NumberAttribute(c.Number("s")))) : null,
        $"Comparisons.{method}({{a}}, {{s}})", "Comparison with a number.") { CutsGradient = true, Site = $"{{plan}}.Map(SiteKernels.{kernel}({{number}}), {{a}})" };
}
