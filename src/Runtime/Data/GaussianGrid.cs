namespace GenDsl.Runtime.Data;

/// <summary>25 normal clouds on a 5x5 grid, made on this machine; columns <c>point</c>, <c>class</c>.</summary>
public static class GaussianGrid
{
    /// <summary>The training rows.</summary>
    public static Source Train(DataOptions? options = null) => DataSets.Open("gaussian-grid:train", options);

    /// <summary>The validation rows.</summary>
    public static Source Validation(DataOptions? options = null) => DataSets.Open("gaussian-grid:validation", options);

    /// <summary>The test rows.</summary>
    public static Source Test(DataOptions? options = null) => DataSets.Open("gaussian-grid:test", options);
}
