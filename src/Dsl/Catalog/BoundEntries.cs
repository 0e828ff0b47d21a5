using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Semantics;

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

    public static ImmutableArray<Operation> All { get; } = [Copies, Gate, FreeBits];

    /// <summary>The attributes of copies of a value.</summary>
    public static IReadOnlyDictionary<string, IrAttribute> AttributesOfCopies(IrAttribute copies, IrValue value) => new Dictionary<string, IrAttribute>
    {
        ["copies"] = copies,
        ["ones"] = new CodeAttribute(string.Concat(Enumerable.Repeat(", 1", value.Type.Shape.Length))),
    };
}
