using System.Collections.Immutable;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Semantics;

namespace GenDsl.Dsl.Catalog;

/// <summary>A parameter of a distribution.</summary>
/// <param name="Name">As in the papers.</param>
/// <param name="Range">The values it may take.</param>
public sealed record DistributionParameter(string Name, Interval Range);

/// <summary>
/// A distribution whose numbers are independent given its parameters. Its formulas are losses of the standard
/// library, so that they are written once, in the language.
/// </summary>
/// <param name="Name">As in the text.</param>
/// <param name="Parameters">In order.</param>
/// <param name="Element">What it draws.</param>
/// <param name="Support">The values it can have.</param>
/// <param name="LogProb">Library loss (x, parameters...): elementwise log-density or log-probability.</param>
/// <param name="Noise">The elementary noise of a draw.</param>
/// <param name="Draw">Library loss that turns noise into a draw: (noise, parameters...); for Bernoulli noise, the probabilities from (parameters...).</param>
/// <param name="Kl">Library loss KL(self || the same family) from both parameter lists; null where only Monte Carlo is known.</param>
/// <param name="Doc">One sentence.</param>
public sealed record Distribution(
    string Name, ImmutableArray<DistributionParameter> Parameters, Element Element, Interval Support, string LogProb, DrawKind Noise, string Draw, string? Kl, string Doc)
{
    /// <summary>The member of the runtime's <c>SiteDraws</c> that draws one position, with <c>{count}</c> and <c>{channels}</c>; empty where there is none.</summary>
    public string SiteDraw { get; init; } = "";

    /// <summary>True where a draw carries gradient to the parameters.</summary>
    public bool IsReparameterised => Noise != DrawKind.Bernoulli;
}

/// <summary>The distributions of the catalogue.</summary>
internal static class DistributionEntries
{
    public static ImmutableArray<Distribution> All { get; } =
    [
        new("normal", [new("mean", Interval.All), new("std", Interval.Positive)], Element.Real, Interval.All,
            "normal_log_prob", DrawKind.Normal, "normal_draw", "normal_kl", "Independent Gaussians."),
        new("uniform", [new("low", Interval.All), new("high", Interval.All)], Element.Real, Interval.All,
            "uniform_log_prob", DrawKind.Uniform, "uniform_draw", null, "Uniform on [low, high)."),
        new("bernoulli", [new("logits", Interval.All)], Element.Bit, Interval.Unit,
            "bernoulli_log_prob", DrawKind.Bernoulli, "bernoulli_probability", null, "Independent bits, by their log-odds."),
    ];
}
