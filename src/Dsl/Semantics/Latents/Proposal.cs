using GenDsl.Dsl.Ir;

namespace GenDsl.Dsl.Semantics.Latents;

/// <summary>What a guide proposes for a latent.</summary>
/// <param name="Law">The line's distribution; null where a model proposes.</param>
/// <param name="Drawn">The draw.</param>
/// <param name="LogProb">Its log-density, per sample; null where the law has a closed form that nobody has asked for yet.</param>
/// <param name="Span">Where the law stands.</param>
internal sealed record Proposal(DistributionValue? Law, ThroughDraw Drawn, Value? LogProb, Text.TextSpan Span)
{
    /// <summary>The draw as the model sees it.</summary>
    public IrValue Value => Drawn.Value;
}

/// <summary>A draw of a distribution, sent through bijections.</summary>
/// <param name="Value">What comes out.</param>
/// <param name="Base">What the distribution itself gave.</param>
/// <param name="Noise">The elementary noise that this was made of; null where it was drawn at once.</param>
/// <param name="LogDet">log|det| of the bijections; null for 0.</param>
internal sealed record ThroughDraw(IrValue Value, IrValue Base, IrValue? Noise, Value? LogDet);
