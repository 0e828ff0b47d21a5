using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
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
    public IrObstacle? Obstacle { get; init; }

    /// <summary>Sizes of the drawn data that only the caller knows.</summary>
    public ImmutableArray<DimVariable> FreeSizes { get; set; } = [];
}
