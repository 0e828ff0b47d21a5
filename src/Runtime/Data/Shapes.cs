namespace GenDsl.Runtime.Data;

/// <summary>Rendered shapes 28x28 in 256 grey levels, made on this machine; columns <c>image</c>, <c>class</c>, <c>x</c>, <c>y</c>, <c>rotation</c>, <c>scale</c>, <c>colour</c>.</summary>
public static class Shapes
{
    /// <summary>The training rows.</summary>
    public static Source Train(DataOptions? options = null) => DataSets.Open("shapes:train", options);

    /// <summary>The validation rows.</summary>
    public static Source Validation(DataOptions? options = null) => DataSets.Open("shapes:validation", options);

    /// <summary>The test rows.</summary>
    public static Source Test(DataOptions? options = null) => DataSets.Open("shapes:test", options);
}
