namespace GenDsl.Runtime;

/// <summary>How a model draws what it draws position by position.</summary>
public enum SamplingMethod
{
    /// <summary>Each site of each value once, by the derived schedule; the whole net at every position where a net has no such form.</summary>
    Derived,

    /// <summary>The whole net at every position: the definition, for comparison.</summary>
    Naive,
}
