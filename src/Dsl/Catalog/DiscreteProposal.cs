namespace GenDsl.Dsl.Catalog;

/// <summary>How a guide proposes a latent that has finitely many values, none of which moves when a parameter does.</summary>
public enum DiscreteProposal
{
    /// <summary>Not at all: a law that models have.</summary>
    None,

    /// <summary>A one-hot draw whose gradient is that of the probabilities.</summary>
    StraightThrough,

    /// <summary>In training a point between the one-hot vectors that moves with the parameters; in evaluation the one-hot vector next to it.</summary>
    Relaxed,

    /// <summary>Every value, each once.</summary>
    Enumerated,
}
