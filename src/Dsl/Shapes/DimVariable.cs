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
}

/// <summary>A variable of a symbolic size.</summary>
/// <param name="Name">As written.</param>
/// <param name="Kind">Where its value comes from.</param>
/// <param name="Minimum">The least value it takes.</param>
public sealed record DimVariable(string Name, DimVariableKind Kind, long Minimum = 1);
