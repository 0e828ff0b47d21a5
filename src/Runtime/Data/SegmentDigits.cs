namespace GenDsl.Runtime.Data;

/// <summary>Digits of seven slanted and bent segments, 28x28, made on this machine; columns <c>image</c>, <c>label</c>.</summary>
public static class SegmentDigits
{
    /// <summary>The training rows.</summary>
    public static Source Train(DataOptions? options = null) => DataSets.Open("segment-digits:train", options);

    /// <summary>The validation rows.</summary>
    public static Source Validation(DataOptions? options = null) => DataSets.Open("segment-digits:validation", options);

    /// <summary>The test rows.</summary>
    public static Source Test(DataOptions? options = null) => DataSets.Open("segment-digits:test", options);
}
