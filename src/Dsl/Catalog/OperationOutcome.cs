using System.Collections.Generic;
using System.Collections.Immutable;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>What a rule says of a legal call.</summary>
/// <param name="Results">The types of the results; more than one make a tuple.</param>
public sealed record OperationOutcome(ImmutableArray<TensorType> Results)
{
    /// <summary>The weights of a layer.</summary>
    public ImmutableArray<Weight> Weights { get; init; } = [];

    /// <summary>What each result may depend on, for every input.</summary>
    public Access Access { get; init; } = Access.Pointwise;

    /// <summary>Values of placeholders beyond inputs and weights.</summary>
    public IReadOnlyDictionary<string, OperationAttribute> Attributes { get; init; } = ImmutableDictionary<string, OperationAttribute>.Empty;

    /// <summary>A single result.</summary>
    public static OperationOutcome Of(TensorType result) => new([result]);

    /// <summary>A single result with template values.</summary>
    public static OperationOutcome Of(TensorType result, params (string Name, OperationAttribute Value)[] attributes)
    {
        var map = new Dictionary<string, OperationAttribute>();
        foreach ((string name, OperationAttribute value) in attributes)
        {
            map[name] = value;
        }

        return new OperationOutcome([result]) { Attributes = map };
    }
}
