using System.Collections.Immutable;

namespace GenDsl.Dsl.Catalog;

/// <summary>What the compiler inserts for names that start from a number and become tensors in a loop.</summary>
internal static class AccumulatorEntries
{
    /// <summary>The number that an accumulator starts from, in the shape that the loop gives it. The elaborator gives its type.</summary>
    public static Operation Fill { get; } = new(
        "~fill", OperationKind.Function,
        [new("like", ParameterKind.Tensor, null, "a tensor of the same rows"), new("value", ParameterKind.Number, null, "the number")],
        _ => null, "Layers.Fill({like}, {value}, {shape})", "A tensor all of one number.")
    {
        CutsGradient = true,
        Site = "{plan}.Number({value})",
    };

    public static ImmutableArray<Operation> All { get; } = [Fill];
}
