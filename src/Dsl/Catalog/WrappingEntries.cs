using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>
/// What makes the weight of a layer of other tensors, <c>weight_norm(layer)</c> and its kin: a direction and a gain, a matrix over its
/// largest singular value, standard normal numbers and a constant. The elaborator gives the types.
/// </summary>
internal static class WrappingEntries
{
    /// <summary>The gain of an equalised learning rate: sqrt(2), for layers before a rectifier.</summary>
    public const double DefaultGain = 1.4142135623730951;

    /// <summary>The weight of the layer, from <c>weight_v</c> and <c>weight_g</c>.</summary>
    public static Operation WeightNorm { get; } = new(
        "~weight_norm", OperationKind.Function, [], _ => null, "Layers.WeightNorm({weight_v}, {weight_g}, {axis})", "g * v / ||v||, a norm per output feature.")
    {
        KeptBy = "{weight_v}",
        Source = "Salimans and Kingma 2016, arXiv:1602.07868",
    };

    /// <summary>The weight of the layer, from <c>weight_orig</c> and the power vector <c>weight_u</c>.</summary>
    public static Operation SpectralNorm { get; } = new(
        "~spectral_norm", OperationKind.Function, [], _ => null, "Layers.SpectralNorm({weight_orig}, {weight_u}, {axis})", "The weight over its largest singular value.")
    {
        KeptBy = "{weight_orig}",
        Source = "Miyato et al. 2018, arXiv:1802.05957",
    };

    /// <summary>The weight of the layer, from <c>weight_orig</c>, which is born standard normal.</summary>
    public static Operation EqualLr { get; } = new(
        "~equal_lr", OperationKind.Function, [], _ => null, "Layers.EqualLr({weight_orig}, {axis}, {gain})", "gain / sqrt(fan in) times the weight.")
    {
        KeptBy = "{weight_orig}",
        Source = "Karras et al. 2018, arXiv:1710.10196",
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

    public static ImmutableArray<Operation> All { get; } = [WeightNorm, SpectralNorm, EqualLr, FromData];

    /// <summary>The operation that makes the weight.</summary>
    public static Operation Of(Wrapping wrapping) => wrapping.Word switch
    {
        Wrapping.SpectralNorm => SpectralNorm,
        Wrapping.EqualLr => EqualLr,
        _ => WeightNorm,
    };

    /// <summary>The matrix, filter or table of a layer, which may be wrapped; null where it has none, or several.</summary>
    public static Weight? Matrix(ImmutableArray<Weight> weights) => weights.FirstOrDefault(w => w is { Name: "weight", Role: WeightRole.Kernel or WeightRole.Gain, Shape.Length: > 1 });

    /// <summary>The layer's weights, its matrix replaced by what it is made of.</summary>
    /// <param name="isGiven">Whether the text says how the matrix is born.</param>
    public static ImmutableArray<Weight> Split(ImmutableArray<Weight> weights, Weight matrix, Wrapping wrapping, bool isGiven)
    {
        int axis = matrix.OutputAxis;
        ImmutableArray<Weight> rest = weights.Remove(matrix);
        Weight original = matrix with { Name = "weight_orig" };
        switch (wrapping.Word)
        {
            case Wrapping.SpectralNorm:
                return [original, new Weight("weight_u", WeightRole.PowerVector, Initializer.PowerOf(axis), [matrix.Shape[axis]]), .. rest];
            case Wrapping.EqualLr:
                // The bias has no fan-in to go by.
                return isGiven ? [original, .. rest] : [original with { Initializer = Normal("1.0") }, .. rest.Select(w => w.Name == "bias" ? w with { Initializer = Initializer.Zeros } : w)];
            default:
                ImmutableArray<Dim> gain = [.. matrix.Shape.Select((size, i) => i == axis ? size : Dim.One)];
                Initializer born = wrapping.FromData && !isGiven ? Normal("0.05") : matrix.Initializer;
                return [matrix with { Name = "weight_v", Initializer = born }, new Weight("weight_g", WeightRole.Gain, Initializer.NormOf(axis), gain), .. rest];
        }
    }

    private static Initializer Normal(string std) => new("normal", [HostValue.Float("0.0"), HostValue.Float(std)]);
}
