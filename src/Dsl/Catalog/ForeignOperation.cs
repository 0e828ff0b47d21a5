namespace GenDsl.Dsl.Catalog;

/// <summary>A function that a referenced assembly offers to <c>.gen</c> files, as whoever read the assembly found it.</summary>
/// <param name="Method">The static method, as C# calls it: <c>global::Acme.Ops.Swish</c>.</param>
/// <param name="Signature">What it says of itself, such as <c>swish(beta: float = 1)(x)</c>.</param>
/// <param name="Takes">The types of the method's parameters, in order: <c>Tensor, double, long, bool</c>.</param>
/// <param name="Returns">The type it returns.</param>
public sealed record ForeignOperation(string Method, string Signature, string Takes, string Returns)
{
    /// <summary>The values of the result, such as <c>[0, inf)</c>; empty where nothing is known.</summary>
    public string Range { get; init; } = "";

    /// <summary>The values that the first tensor may have; empty where it may have any.</summary>
    public string Domain { get; init; } = "";

    /// <summary>What a number of the result depends on: <c>place</c>, <c>features</c> or <c>sample</c>; empty for what the signature suggests.</summary>
    public string Access { get; init; } = "";

    /// <summary>One sentence.</summary>
    public string Doc { get; init; } = "";

    /// <summary>True where no gradient passes.</summary>
    public bool CutsGradient { get; init; }

    /// <summary>True where its gradient cannot be differentiated again.</summary>
    public bool LacksSecondGradient { get; init; }
}
