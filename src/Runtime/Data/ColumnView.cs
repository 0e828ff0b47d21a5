namespace GenDsl.Runtime;

/// <summary>How grey levels become bits when a column is bound to a space of bits, with p = level / (levels - 1).</summary>
public enum ColumnView
{
    /// <summary>No view was asked for: bits are <see cref="Static"/>, every other space is served as usual.</summary>
    Plain,

    /// <summary>One draw per row under a fixed seed, the same in every run: what likelihoods are reported on.</summary>
    Static,

    /// <summary>A new draw at every step, reproducible from the step (Burda et al. 2016 train this way).</summary>
    Random,
}
