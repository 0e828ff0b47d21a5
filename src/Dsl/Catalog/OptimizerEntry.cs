using System.Collections.Immutable;
using GenDsl.Dsl.Ranges;

namespace GenDsl.Dsl.Catalog;

/// <summary>A number that an optimizer takes beside the learning rate.</summary>
/// <param name="Name">PyTorch's name in the text.</param>
/// <param name="CSharpName">The parameter of the runtime class.</param>
/// <param name="Range">The values it may take.</param>
/// <param name="IsSwitch">True for true/false.</param>
/// <param name="IsLimit">True for what is done to the gradients of one step, before the optimizer sees them.</param>
public sealed record OptimizerSetting(string Name, string CSharpName, Interval Range, bool IsSwitch = false, bool IsLimit = false)
{
    internal static OptimizerSetting[] Limits { get; } =
        [new("clip", "clip", Interval.Positive, IsLimit: true), new("clip_value", "clipValue", Interval.Positive, IsLimit: true)];

    internal static OptimizerSetting[] Adam { get; } =
    [
        new("beta1", "beta1", new Interval(0, 1, false, true)), new("beta2", "beta2", new Interval(0, 1, false, true)),
        new("eps", "eps", Interval.NonNegative), new("decay", "decay", Interval.NonNegative),
    ];
}

/// <summary>An optimizer. Its first argument is the learning rate.</summary>
/// <param name="Name">As in the text.</param>
/// <param name="ClassName">The class of the runtime.</param>
/// <param name="DefaultRate">The learning rate if none is given; null where one must be given.</param>
/// <param name="Settings">Other arguments.</param>
/// <param name="Doc">One sentence.</param>
public sealed record OptimizerEntry(string Name, string ClassName, string? DefaultRate, ImmutableArray<OptimizerSetting> Settings, string Doc)
{
    internal static ImmutableArray<OptimizerEntry> All { get; } =
    [
        new("adam", "Adam", "1e-3", [.. OptimizerSetting.Adam, .. OptimizerSetting.Limits], "Adam (Kingma and Ba 2015, arXiv:1412.6980)."),
        new("adamw", "AdamW", "1e-3", [.. OptimizerSetting.Adam, .. OptimizerSetting.Limits],
            "Adam with decoupled weight decay on kernels (Loshchilov and Hutter 2019, arXiv:1711.05101)."),
        new("sgd", "Sgd", null, [new("momentum", "momentum", new Interval(0, 1, false, true)), new("nesterov", "nesterov", Interval.Unit, true), new("decay", "decay", Interval.NonNegative), .. OptimizerSetting.Limits], "Stochastic gradient descent with momentum."),
        new("lars", "Lars", null, [new("momentum", "momentum", new Interval(0, 1, false, true)), new("eta", "eta", Interval.Positive), new("decay", "decay", Interval.NonNegative), .. OptimizerSetting.Limits],
            "Layer-wise adaptive rates: kernels move by a share of their own norm, biases and gains as with plain momentum, 0.9 if not given; eta is 0.001 (You et al. 2017, arXiv:1708.03888)."),
    ];
}
