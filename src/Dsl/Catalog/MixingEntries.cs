using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Values between two others.</summary>
internal static class MixingEntries
{
    private static readonly OperationParameter A = new("a", ParameterKind.Tensor, null, "where t is 0");
    private static readonly OperationParameter B = new("b", ParameterKind.Tensor, null, "where t is 1");

    /// <summary>The form whose weight is a number.</summary>
    public static Operation LerpByNumber { get; } = new(
        "~lerp", OperationKind.Function, [A, B, new("t", ParameterKind.Number, null, "the weight of b")],
        c => Lerp(c, c.Number("t").Range) is { } type ? OperationOutcome.Of(type, ("t", new ScalarAttribute(c.Number("t")))) : null,
        "Mixing.Lerp({a}, {b}, {t})", "a + t * (b - a).");

    public static ImmutableArray<Operation> All { get; } =
    [
        new("lerp", OperationKind.Function, [A, B, new("t", ParameterKind.Tensor, null, "the weight of b: a number, or a tensor with one for each number or one for each sample")],
            ByTensor, "{lerp}", "a + t * (b - a): the line from a to b."),
        LerpByNumber,
    ];

    private static OperationOutcome? ByTensor(OperationCall call)
    {
        TensorType t = call.Type("t");
        if (!call.RequireReal("t") || Lerp(call, t.Range) is not { } type)
        {
            return null;
        }

        bool perSample = t.Shape.Length == 0;
        if (!perSample && !t.SameShape(type))
        {
            return call.Fail("t", b => b.ShapesDiffer("lerp", "'t'", t, "the values", type));
        }

        if (t.Rows is not null && type.Rows is not null && !Rows.Agree(t.Rows, type.Rows))
        {
            return call.Fail("t", b => b.RowsMix("lerp", t.Rows, type.Rows));
        }

        bool spreads = perSample && t.Rows is not null && type.Shape.Length > 0;
        return OperationOutcome.Of(type with { Rows = type.Rows ?? t.Rows }, ("lerp", new TemplateAttribute(spreads ? $"Mixing.Lerp({{a}}, {{b}}, {{t}}, rank: {(type.Shape.Length + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)})" : "{a}.lerp({b}, {t})"))) with
        {
            Access = spreads ? Access.Everything : Access.Pointwise,
        };
    }

    // Within [0, 1] the result lies between the two.
    private static TensorType? Lerp(OperationCall call, Interval t) => ArithmeticEntries.Common(
        call, (a, b) => Interval.Unit.Contains(t) ? a.Join(b) : a + (t * (b - a)));
}
