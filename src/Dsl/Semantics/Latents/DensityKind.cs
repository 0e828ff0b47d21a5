namespace GenDsl.Dsl.Semantics.Latents;

/// <summary>What the lines of a model are read as.</summary>
internal enum DensityKind
{
    /// <summary>The log-probability, or its bound from one draw of the guide.</summary>
    Density,

    /// <summary>What training minimises: minus that, plus the <c>cost</c> lines.</summary>
    Loss,

    /// <summary>The log-likelihood, with the divergences of the latents apart.</summary>
    Terms,

    /// <summary>log p(x, z) - log q(z | x), without closed forms: what several draws are weighted by.</summary>
    Weights,

    /// <summary>The same for the doubly reparameterised gradient: the guide's parameters move through its draws only.</summary>
    DregWeights,

    /// <summary>log p(x | z) at draws of the prior.</summary>
    PriorWeights,

    /// <summary>The guide alone: what it proposes.</summary>
    Latents,
}
