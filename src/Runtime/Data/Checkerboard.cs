namespace GenDsl.Runtime.Data;

/// <summary>The black fields of a 4x4 board, made on this machine; columns <c>point</c>, <c>class</c>. The entropy is 5 ln 2 = 3.4657 nats.</summary>
public static class Checkerboard
{
    /// <summary>The training rows.</summary>
    public static Source Train(DataOptions? options = null) => DataSets.Open("checkerboard:train", options);

    /// <summary>The validation rows.</summary>
    public static Source Validation(DataOptions? options = null) => DataSets.Open("checkerboard:validation", options);

    /// <summary>The test rows.</summary>
    public static Source Test(DataOptions? options = null) => DataSets.Open("checkerboard:test", options);
}
