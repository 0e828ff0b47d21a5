namespace GenDsl.Runtime.Data;

/// <summary>Two interleaved half circles, made on this machine; columns <c>point</c>, <c>class</c>.</summary>
public static class Moons
{
    /// <summary>The training rows.</summary>
    public static Source Train(DataOptions? options = null) => DataSets.Open("moons:train", options);

    /// <summary>The validation rows.</summary>
    public static Source Validation(DataOptions? options = null) => DataSets.Open("moons:validation", options);

    /// <summary>The test rows.</summary>
    public static Source Test(DataOptions? options = null) => DataSets.Open("moons:test", options);
}
