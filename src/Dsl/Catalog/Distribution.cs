using System.Collections.Immutable;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>A parameter of a distribution.</summary>
/// <param name="Name">As in the papers.</param>
/// <param name="Range">The values it may take.</param>
public sealed record DistributionParameter(string Name, Interval Range)
{
    /// <summary>True where it may be left out.</summary>
    public bool IsOptional { get; init; }

    /// <summary>True where it is a number known on the host, never a tensor.</summary>
    public bool IsNumber { get; init; }
}

/// <summary>
/// A distribution. Its formulas are losses of the standard library, so that they are written once, in the language; one
/// that arithmetic cannot say well is a single operation.
/// </summary>
/// <param name="Name">As in the text.</param>
/// <param name="Parameters">In order.</param>
/// <param name="Elements">What it is about.</param>
/// <param name="Support">The values it can have.</param>
/// <param name="Noise">The elementary noise of a draw.</param>
/// <param name="Doc">One sentence.</param>
public sealed record Distribution(
    string Name, ImmutableArray<DistributionParameter> Parameters, ImmutableArray<Element> Elements, Interval Support, DrawKind Noise, string Doc)
{
    /// <summary>The member of the runtime's <c>SiteDraws</c> that draws one position, with <c>{count}</c> and <c>{channels}</c>; empty where there is none.</summary>
    public string SiteDraw { get; init; } = "";

    /// <summary>Library loss (x, parameters...): log-density or log-probability, for each number or, where the channels are one event, for each site.</summary>
    public string LogProb { get; init; } = "";

    /// <summary>The same as one operation.</summary>
    internal Operation? LogProbOperation { get; init; }

    /// <summary>Library loss that turns noise into a draw: (noise, parameters...); for Bernoulli noise, the probabilities from (parameters...).</summary>
    public string Draw { get; init; } = "";

    /// <summary>The same as one operation.</summary>
    internal Operation? DrawOperation { get; init; }

    /// <summary>Library loss (noise, parameters...): log-density of a draw, from the noise that it was made of; null where it is computed from the draw.</summary>
    public string? DrawLogProb { get; init; }

    /// <summary>Library loss KL(self || the same family) from both parameter lists; null where only Monte Carlo is known.</summary>
    public string? Kl { get; init; }

    /// <summary>The draw where the logits are a single number, so that all values are alike; null where they cannot be.</summary>
    internal Operation? UniformDrawOperation { get; init; }

    /// <summary>How a guide proposes a discrete latent by it; <see cref="DiscreteProposal.None"/> for a law that a model may have.</summary>
    public DiscreteProposal Proposes { get; init; }

    /// <summary>True where its values are one-hot vectors along the first axis. Its formulas are given log-probabilities in place of logits.</summary>
    public bool IsOneHot { get; init; }

    /// <summary>How the shape of the parameters follows from what is observed.</summary>
    public ParameterLayout Layout { get; init; }

    /// <summary>What it says of the layout of its parameter, for the catalogue's page.</summary>
    public string LayoutDoc { get; init; } = "";

    /// <summary>True where the channels of a site are one event, drawn at once: they leave the order of a causality proof.</summary>
    public bool EventIsChannels { get; init; }

    /// <summary>True where a draw carries gradient to the parameters.</summary>
    public bool IsReparameterised => Proposes != DiscreteProposal.None || (Elements.Contains(Element.Real) && !IsOneHot);

    /// <summary>True where its formulas are calls that do not repeat a value over the rows by themselves.</summary>
    public bool IsFused => !Elements.Contains(Element.Real);

    /// <summary>What it is about, in words.</summary>
    public string About => Proposes == DiscreteProposal.Enumerated ? "all values of a single choice" : IsOneHot ? "one-hot vectors" : Elements.Contains(Element.Real) ? "real numbers" : Elements.Length == 1 ? (Elements[0] == Element.Bit ? "bits" : "levels") : "bits, levels, classes, codes and mu-law levels";

    /// <summary>Uniform or normal numbers that a draw of one site needs.</summary>
    public Dim NoisePerSite(Dim channels) => EventIsChannels ? channels + 1 : channels;

    /// <summary>The per-sample shape of the noise of a whole draw.</summary>
    public ImmutableArray<Dim> NoiseShape(TensorType drawn) =>
        EventIsChannels ? ParameterShapes.Sites(drawn).Insert(0, NoisePerSite(ParameterShapes.Channels(drawn))) : drawn.Shape;
}
