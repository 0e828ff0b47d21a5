namespace GenDsl.Dsl.Catalog;

/// <summary>The elementary distributions drawn from directly.</summary>
public enum DrawKind
{
    /// <summary>Standard normal noise.</summary>
    Normal,

    /// <summary>Uniform noise on [low, high).</summary>
    Uniform,

    /// <summary>0 or 1 with the probabilities given as input.</summary>
    Bernoulli,

    /// <summary>Numbers in [0, 1] with a beta distribution, whose two parameters are numbers.</summary>
    Beta,

    /// <summary>The numbers of all rows in another order.</summary>
    Permutation,
}
