using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Catalog;

/// <summary>What <c>weight_norm(layer)</c> puts around a layer: its weight from a direction and a gain, and first values from data.</summary>
internal static class WeightNormEntries
{
    /// <summary>The weight of the layer, from <c>weight_v</c> and <c>weight_g</c>. The elaborator gives its type.</summary>
    public static Operation Weight { get; } = new(
        "~weight_norm", OperationKind.Function, [], _ => null, "Layers.WeightNorm({weight_v}, {weight_g}, {axis})", "g * v / ||v||, a norm per output feature.")
    {
        KeptBy = "{weight_v}",
        Source = "Salimans and Kingma 2016, arXiv:1602.07868",
    };

    /// <summary>In the pass before the first step, standardises what the layer computes and sets its gain and bias so.</summary>
    public static Operation FromData { get; } = new(
        "~from_data", OperationKind.Function, [new("y", ParameterKind.Tensor, null, "what the layer computes")], _ => null, "{y}.alias()", "Gain and bias from the first batch.")
    {
        Site = "{y}",
        Source = "Salimans and Kingma 2016, arXiv:1602.07868",
        Effect = "if ({mode}.IsInitial) Layers.InitialiseFromData({y}, {weight_g}, {bias});",
        UsesMode = true,
        InitialisesFromData = true,
    };

    public static ImmutableArray<Operation> All { get; } = [Weight, FromData];

    /// <summary>The layer's weights with <c>weight</c> as direction and gain; null where it has no matrix or filter.</summary>
    /// <param name="axis">The axis of the weight that counts the output features.</param>
    /// <param name="direction">How the direction is born; null for as the weight was.</param>
    public static ImmutableArray<Weight>? Split(ImmutableArray<Weight> weights, int axis, Initializer? direction)
    {
        if (weights.FirstOrDefault(w => w is { Name: "weight", Role: WeightRole.Kernel, Shape.Length: > 1 }) is not { } weight)
        {
            return null;
        }

        ImmutableArray<Dim> gain = [.. weight.Shape.Select((size, i) => i == axis ? size : Dim.One)];
        return
        [
            weight with { Name = "weight_v", Initializer = direction ?? weight.Initializer },
            new Weight("weight_g", WeightRole.Gain, Initializer.NormOf(axis), gain),
            .. weights.Where(w => w != weight),
        ];
    }
}
