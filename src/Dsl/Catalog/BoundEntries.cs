using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>What the compiler inserts into bounds from several draws, and bounds that are weighted. Their names are no words of the language.</summary>
internal static class BoundEntries
{
    /// <summary>Each row as often as the attribute <c>copies</c> says, all rows behind one another each time. The elaborator gives its type.</summary>
    public static Operation Copies { get; } = new(
        "~copies", OperationKind.Function, [new("x", ParameterKind.Tensor, null, "one row for each sample")],
        _ => null, "{x}.repeat([{copies}{ones}])", "The rows, several times.");

    /// <summary>A draw whose gradient is multiplied, on its way back to the guide, by the share of its weight. The elaborator gives its type.</summary>
    public static Operation Gate { get; } = new(
        "~gate", OperationKind.Function, [new("x", ParameterKind.Tensor, null, "draws of a latent")],
        _ => null, "gate.Through({x})", "The draw.") { KeepsOutput = true, LacksSecondGradient = true };

    /// <summary>What a latent's divergence counts in a bound with free bits: each number's mean over the batch, but at least so much (Kingma et al. 2016).</summary>
    public static Operation FreeBits { get; } = new(
        "~free_bits", OperationKind.Function,
        [new("divergence", ParameterKind.Tensor, null, "per sample, or per number"), new("least", ParameterKind.Number, null, "nats that cost nothing")],
        c => OperationOutcome.Of(TensorType.Real(null, []).With(range: Interval.NonNegative), ("least", new NumberAttribute(c.Number("least")!))) with { Access = Access.Everything },
        "Bounds.FreeBits({divergence}, {least})", "One number.") { CouplesRows = true };

    /// <summary>Every value of a latent, once for each row: all rows with the first value, then with the second. The elaborator gives its type.</summary>
    public static Operation Values { get; } = new(
        "~values", OperationKind.Function, [], _ => null, "Enumeration.{form}({count}, {inner}, {total}, {rows}, State)", "Every value of a choice.");

    /// <summary>The mean over all values of what was computed for each.</summary>
    public static Operation Expected { get; } = new(
        "~expected", OperationKind.Function,
        [new("x", ParameterKind.Tensor, null, "one row for each value and sample"), new("log_q", ParameterKind.Tensor, null, "the log-probability of each value")],
        _ => null, "Enumeration.Expected({x}, {log_q}, {total})", "One row for each sample.");

    /// <summary>The logarithm of the sum over all values of weights that were computed for each.</summary>
    public static Operation SummedOut { get; } = new(
        "~summed_out", OperationKind.Function, [new("x", ParameterKind.Tensor, null, "in nats, one row for each value and sample")],
        _ => null, "Enumeration.SummedOut({x}, {total})", "One row for each sample.") { KeepsOutput = true };

    /// <summary>The log-probability of each value by such weights.</summary>
    public static Operation Posterior { get; } = new(
        "~posterior", OperationKind.Function, [new("x", ParameterKind.Tensor, null, "in nats, one row for each value and sample")],
        _ => null, "Enumeration.Posterior({x}, {total})", "One row for each value and sample.") { KeepsOutput = true };

    /// <summary>Terms along the values of choices, added up for each choice.</summary>
    public static Operation OverValues { get; } = new(
        "~over_values", OperationKind.Function, [new("x", ParameterKind.Tensor, null, "[n, ...]")], _ => null, "{x}.sum([1])", "[...].");

    public static ImmutableArray<Operation> All { get; } = [Copies, Gate, FreeBits, Values, Expected, SummedOut, Posterior, OverValues];

    /// <summary>The attributes of copies of a value.</summary>
    public static IReadOnlyDictionary<string, OperationAttribute> AttributesOfCopies(OperationAttribute copies, TensorType type) => new Dictionary<string, OperationAttribute>
    {
        ["copies"] = copies,
        ["ones"] = new CodeAttribute(string.Concat(Enumerable.Repeat(", 1", type.Shape.Length))),
    };
}
