namespace GenDsl.Runtime.Data;

/// <summary>Fashion-MNIST: pieces of clothing 28x28 in 256 grey levels; columns <c>image</c>, <c>label</c> (Xiao et al. 2017).</summary>
public static class FashionMnist
{
    /// <summary>The training rows but the last twelfth, which validate.</summary>
    /// <exception cref="GenDslException">A file is missing or damaged.</exception>
    public static Source Train(DataOptions? options = null) => DataSets.Open("fashion-mnist:train", options);

    /// <summary>The last twelfth of the training rows.</summary>
    /// <exception cref="GenDslException">A file is missing or damaged.</exception>
    public static Source Validation(DataOptions? options = null) => DataSets.Open("fashion-mnist:validation", options);

    /// <summary>The published test rows.</summary>
    /// <exception cref="GenDslException">A file is missing or damaged.</exception>
    public static Source Test(DataOptions? options = null) => DataSets.Open("fashion-mnist:test", options);
}
