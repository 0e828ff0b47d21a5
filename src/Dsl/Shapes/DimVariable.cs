namespace GenDsl.Dsl.Shapes;

/// <summary>Where a size variable gets its value from.</summary>
public enum DimVariableKind
{
    /// <summary>A hyperparameter, known at construction.</summary>
    Hyperparameter,

    /// <summary>A free size of a signature, known from the data.</summary>
    Free,

    /// <summary>The index of a <c>for</c> loop.</summary>
    Index,

    /// <summary>The rows of a trainer's batch, which its options say.</summary>
    Batch,
}

/// <summary>A variable of a symbolic size.</summary>
/// <param name="Name">As written.</param>
/// <param name="Kind">Where its value comes from.</param>
/// <param name="Minimum">The least value it takes.</param>
/// <param name="Modulus">It is <paramref name="Residue"/> modulo this; 1 where nothing is known.</param>
/// <param name="Residue">Its remainder.</param>
public sealed record DimVariable(string Name, DimVariableKind Kind, long Minimum = 1, long Modulus = 1, long Residue = 0)
{
    /// <summary>What it is always less than: where a loop ends, or a fact says; null where nothing is known.</summary>
    public Dim? Below { get; init; }

    /// <summary>The least value of its quotient by the modulus.</summary>
    public long MinimumQuotient => System.Math.Max(0, (Minimum - Residue + Modulus - 1) / Modulus);
}
