using System.Collections.Generic;
using System.Collections.Immutable;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>
/// Formulas of distributions that are one call of the runtime. Their names are no words of the language, and the reading of
/// a model has checked the shapes.
/// </summary>
internal static class DistributionOperations
{
    public static Operation MixtureLogProb { get; } = new(
        "~mixture_log_prob", OperationKind.Function,
        [new("x", ParameterKind.Tensor, null, "levels"), new("parameters", ParameterKind.Tensor, null, "the parameters of each site")],
        c => OperationOutcome.Of(
            new TensorType(Element.Real, 0, c.Type("x").Rows, ParameterShapes.Sites(c.Type("x")), -Interval.NonNegative),
            ("levels", new SizeAttribute(c.Type("x").Count))) with { Access = Access.Features },
        "Distributions.DiscretizedLogisticMixtureLogProb({x}, {parameters}, {levels})",
        "The log-probability of each site.") { KeepsOutput = true };

    public static Operation CategoricalDraw { get; } = Draw("~categorical_draw", "Distributions.CategoricalSample({parameters}, {noise}, {levels}, asIndices: {as_indices})");

    /// <summary>A draw where all values are alike: from the noise alone.</summary>
    public static Operation UniformCategoricalDraw { get; } = Uniform("~uniform_categorical_draw", "Distributions.UniformSample({noise}, {levels}, asIndices: {as_indices})");

    public static Operation OneHotDraw { get; } = Draw("~one_hot_draw", "OneHot.Sample({parameters}, {noise})");

    public static Operation UniformOneHotDraw { get; } = Uniform("~uniform_one_hot_draw", "OneHot.Sample({noise})");

    public static Operation StraightThroughDraw { get; } = Draw("~straight_through_draw", "OneHot.StraightThrough({parameters}, {noise})") with { CutsGradient = false };

    public static Operation RelaxedDraw { get; } =
        Draw("~relaxed_draw", "OneHot.Relaxed({parameters}, {noise}, {temperature}, {mode})") with { CutsGradient = false, KeepsOutput = true, UsesMode = true };

    public static Operation MixtureDraw { get; } = Draw("~mixture_draw", "Distributions.DiscretizedLogisticMixtureSample({parameters}, {noise}, {levels}, {shape})");

    public static Operation BitsPerDim { get; } = new(
        "~bits_per_dim", OperationKind.Function,
        [new("log_prob", ParameterKind.Tensor, null, "in nats, one number per sample"), new("x", ParameterKind.Tensors, null, "what it is of")],
        c => OperationOutcome.Of(new TensorType(Element.Real, 0, c.Type("log_prob").Rows, [], Interval.NonNegative)) with { Access = Access.Everything },
        "Distributions.BitsPerDim({log_prob}, {x})",
        "Bits per number.");

    /// <summary>Template values of a draw of a type.</summary>
    /// <param name="temperature">Of a relaxed draw.</param>
    public static IReadOnlyDictionary<string, OperationAttribute> Attributes(TensorType drawn, HostValue? temperature = null) => new Dictionary<string, OperationAttribute>
    {
        ["levels"] = new SizeAttribute(drawn.Count),
        ["as_indices"] = new CodeAttribute(AreIndices(drawn) ? "true" : "false"),
        ["shape"] = new RowShapeAttribute(drawn.Shape),
        ["temperature"] = new NumberAttribute(temperature ?? HostValue.Of(Shapes.Dim.One)),
    };

    /// <summary>True for values that are kept as integers.</summary>
    public static bool AreIndices(TensorType type) => type.Element is Element.Class or Element.Code or Element.MuLaw;

    // The elaborator gives the type: it is that of what is drawn, which no argument tells.
    private static Operation Draw(string name, string call) => new(
        name, OperationKind.Function,
        [new("noise", ParameterKind.Tensor, null, "uniform on [0, 1)"), new("parameters", ParameterKind.Tensor, null, "the parameters of each site")],
        _ => null, call, "A draw.") { CutsGradient = true };

    private static Operation Uniform(string name, string call) => new(
        name, OperationKind.Function, [new("noise", ParameterKind.Tensor, null, "uniform on [0, 1)")], _ => null, call, "A draw.") { CutsGradient = true };
}
