namespace GenDsl.Runtime.Data;

/// <summary>Four noisy circles about the origin, made on this machine; columns <c>point</c>, <c>class</c>.</summary>
public static class Rings
{
    /// <summary>The training rows.</summary>
    public static Source Train(DataOptions? options = null) => DataSets.Open("rings:train", options);

    /// <summary>The validation rows.</summary>
    public static Source Validation(DataOptions? options = null) => DataSets.Open("rings:validation", options);

    /// <summary>The test rows.</summary>
    public static Source Test(DataOptions? options = null) => DataSets.Open("rings:test", options);
}
