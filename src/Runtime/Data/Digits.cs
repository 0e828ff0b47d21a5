namespace GenDsl.Runtime.Data;

/// <summary>The 8x8 digits of the UCI repository in 17 grey levels; columns <c>image</c>, <c>label</c>.</summary>
public static class Digits
{
    /// <summary>The training rows but the last twelfth, which validate.</summary>
    /// <exception cref="GenDslException">A file is missing or damaged.</exception>
    public static Source Train(DataOptions? options = null) => DataSets.Open("digits:train", options);

    /// <summary>The last twelfth of the training rows.</summary>
    /// <exception cref="GenDslException">A file is missing or damaged.</exception>
    public static Source Validation(DataOptions? options = null) => DataSets.Open("digits:validation", options);

    /// <summary>The published test rows.</summary>
    /// <exception cref="GenDslException">A file is missing or damaged.</exception>
    public static Source Test(DataOptions? options = null) => DataSets.Open("digits:test", options);
}
