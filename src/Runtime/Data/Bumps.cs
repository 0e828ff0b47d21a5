namespace GenDsl.Runtime.Data;

/// <summary>A mixture of three normal distributions on the line, made on this machine; column <c>point</c>. The entropy is 1.5224 nats.</summary>
public static class Bumps
{
    /// <summary>The training rows.</summary>
    public static Source Train(DataOptions? options = null) => DataSets.Open("bumps:train", options);

    /// <summary>The validation rows.</summary>
    public static Source Validation(DataOptions? options = null) => DataSets.Open("bumps:validation", options);

    /// <summary>The test rows.</summary>
    public static Source Test(DataOptions? options = null) => DataSets.Open("bumps:test", options);
}
