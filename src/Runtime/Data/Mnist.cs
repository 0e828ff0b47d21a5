namespace GenDsl.Runtime.Data;

/// <summary>MNIST: handwritten digits 28x28 in 256 grey levels; columns <c>image</c>, <c>label</c> (LeCun et al. 1998).</summary>
public static class Mnist
{
    /// <summary>The training rows but the last twelfth, which validate.</summary>
    /// <exception cref="GenDslException">A file is missing or damaged.</exception>
    public static Source Train(DataOptions? options = null) => DataSets.Open("mnist:train", options);

    /// <summary>The last twelfth of the training rows.</summary>
    /// <exception cref="GenDslException">A file is missing or damaged.</exception>
    public static Source Validation(DataOptions? options = null) => DataSets.Open("mnist:validation", options);

    /// <summary>The published test rows.</summary>
    /// <exception cref="GenDslException">A file is missing or damaged.</exception>
    public static Source Test(DataOptions? options = null) => DataSets.Open("mnist:test", options);
}
