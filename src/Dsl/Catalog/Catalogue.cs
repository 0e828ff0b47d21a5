using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace GenDsl.Dsl.Catalog;

/// <summary>The table of everything built in: layers, functions, reductions, distributions, initialisers, optimizers.</summary>
public static class Catalogue
{
    private static readonly Dictionary<string, Operation> ByName = new IEnumerable<Operation>[]
    {
        LinearEntries.All,
        ConvolutionEntries.All,
        ShiftEntries.All,
        EmbeddingEntries.All,
        MaskedEntries.All,
        RecurrentEntries.All,
        FeatureEntries.All,
        OrderEntries.All,
        NormalizationEntries.All,
        UnitEntries.All,
        PoolingEntries.All,
        MatrixEntries.All,
        PointwiseEntries.All,
        ArithmeticEntries.All,
        ComparisonEntries.All,
        ExtremeEntries.All,
        LabelEntries.All,
        MixingEntries.All,
        ShapeEntries.All,
        RowEntries.All,
        ReductionEntries.All,
        AccumulatorEntries.All,
        WrappingEntries.All,
        FlowEntries.All,
        BoundEntries.All,
        CodebookEntries.All,
        MetricEntries.All,
        ContrastiveEntries.All,
        SiteRowEntries.All,
        ViewEntries.All,
        ProbeEntries.All,
        RetrievalEntries.All,
        SolverEntries.All,
    }.SelectMany(all => all).ToDictionary(o => o.Name, StringComparer.Ordinal);

    /// <summary>All layers, functions and reductions, by name.</summary>
    public static IEnumerable<Operation> Operations => ByName.Values.OrderBy(o => o.Name, StringComparer.Ordinal);

    /// <summary>Those that flows and densities over them are made of.</summary>
    public static IEnumerable<Operation> FlowOperations => FlowEntries.All;

    /// <summary>All distributions.</summary>
    public static ImmutableArray<Distribution> Distributions { get; } = DistributionEntries.All;

    /// <summary>All optimizers.</summary>
    public static ImmutableArray<OptimizerEntry> Optimizers { get; } = OptimizerEntry.All;

    /// <summary>The initialisers and the numbers each takes.</summary>
    public static ImmutableDictionary<string, ImmutableArray<string>> Initializers { get; } = ImmutableDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, ImmutableArray<string>>
    {
        ["zeros"] = [], ["ones"] = [], ["constant"] = ["value"], ["normal"] = ["mean", "std"], ["uniform"] = ["low", "high"], ["orthogonal"] = [],
    });

    /// <summary>A layer, function or reduction; null where there is none of that name.</summary>
    public static Operation? Find(string name) => ByName.TryGetValue(name, out Operation? operation) ? operation : null;

    /// <summary>A distribution; null where there is none of that name.</summary>
    public static Distribution? FindDistribution(string name) => Distributions.FirstOrDefault(d => d.Name == name);

    /// <summary>An optimizer; null where there is none of that name.</summary>
    public static OptimizerEntry? FindOptimizer(string name) => Optimizers.FirstOrDefault(o => o.Name == name);
}
