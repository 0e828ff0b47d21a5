namespace GenDsl.Runtime;

/// <summary>How a net is called.</summary>
public enum Mode
{
    /// <summary>Running statistics, no dropout; writes nothing.</summary>
    Evaluate,

    /// <summary>Batch statistics and dropout; writes nothing.</summary>
    Train,

    /// <summary>As <see cref="Train"/>, and running statistics are written: the call through which a net learns.</summary>
    Learn,

    /// <summary>As <see cref="Train"/>, without gradients: the pass before the first step, in which layers that start from data set their gains and biases.</summary>
    Initialise,
}
