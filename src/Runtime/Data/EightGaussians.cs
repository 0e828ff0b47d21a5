namespace GenDsl.Runtime.Data;

/// <summary>Eight normal clouds on a circle, made on this machine; columns <c>point</c>, <c>class</c>.</summary>
public static class EightGaussians
{
    /// <summary>The training rows.</summary>
    public static Source Train(DataOptions? options = null) => DataSets.Open("eight-gaussians:train", options);

    /// <summary>The validation rows.</summary>
    public static Source Validation(DataOptions? options = null) => DataSets.Open("eight-gaussians:validation", options);

    /// <summary>The test rows.</summary>
    public static Source Test(DataOptions? options = null) => DataSets.Open("eight-gaussians:test", options);
}
