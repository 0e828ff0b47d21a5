using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Judgements;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Ir;

/// <summary>How a data parameter whose law reads its own past is drawn.</summary>
/// <param name="Law">The line that says the law.</param>
/// <param name="Density">The function whose values the law speaks of.</param>
public sealed record IrPositionSampler(Autoregression Law, IrFunction Density)
{
    /// <summary>The net from the root to the law's arguments.</summary>
    public IrFunction Net { get; } = new(Density.Parameters, Density.Body, [.. Law.Arguments.Select(a => a.Tensor).OfType<IrValue>()]);

    /// <summary>The conditions, in order.</summary>
    public IEnumerable<IrValue> Conditions => Density.Parameters.Where(p => !ReferenceEquals(p, Law.Data));

    /// <summary>Sizes of the root's site axes: none, [T] or [H, W].</summary>
    public ImmutableArray<Dim> Sites { get; init; } = [];

    /// <summary>Size of the root's feature axis; null where it has none.</summary>
    public Dim? Channels { get; init; }

    /// <summary>True where the features of a site are drawn one by one.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>Why the whole net runs at every position, and the operation that asks for it; null where each site is computed once.</summary>
    public SamplerObstacle? Obstacle { get; init; }

    /// <summary>Sizes of the drawn data that only the caller knows.</summary>
    public ImmutableArray<DimVariable> FreeSizes { get; set; } = [];

    /// <summary>What is known of how a law is drawn.</summary>
    public static IrPositionSampler Of(Autoregression law, IrFunction density)
    {
        var sampler = new IrPositionSampler(law, density);
        ImmutableArray<Dim> shape = law.Root.Type.Shape;

        // One axis holds variables where a masked layer reads it as such, and sites otherwise.
        bool isVariables = shape.Length == 1 && SiteFlow.Reaches(sampler.Net, law.Root, op => op is CatalogOp { Access: ClassesAccess });
        bool hasChannels = shape.Length > 1 || isVariables;
        return sampler with
        {
            Sites = hasChannels ? [.. shape.Skip(1)] : shape,
            Channels = hasChannels ? shape[0] : null,
            IsOrdered = isVariables || law.Grain.Kind == GrainKind.SubPixels,
            Obstacle = SamplerObstacle.Of(sampler),
        };
    }
}
