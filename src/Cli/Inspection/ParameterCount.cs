using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir;

namespace GenDsl.Cli.Inspection;

/// <summary>Counts learned numbers from the text alone.</summary>
internal static class ParameterCount
{
    /// <summary>Those of a module and of all inside; null where a size is not known.</summary>
    public static long? Of(IrModule module, SizeScope scope) =>
        module.Layers.Aggregate((long?)0, (sum, layer) => sum + Of(layer, scope))
        + module.Children.Where(child => child.AverageOf is null).Aggregate((long?)0, (sum, child) => sum + Of(child, scope));

    /// <summary>Those of one construction, in all its rounds.</summary>
    public static long? Of(ModuleInstance instance, SizeScope scope) =>
        scope.Rounds(instance.Loops).Aggregate((long?)0, (sum, round) => sum + Of(instance.Module, round.Inside(instance)));

    /// <summary>Those of one layer, in all its rounds.</summary>
    public static long? Of(LayerInstance layer, SizeScope scope) =>
        scope.Rounds(layer.Loops).Aggregate(
            (long?)0,
            (sum, round) => layer.Weights.Where(weight => weight.Role is WeightRole.Kernel or WeightRole.Gain).Aggregate(sum, (inner, weight) => inner + round.Product(weight.Shape)));
}
