using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Types;

/// <summary>The law of a space: what <c>draw</c> draws.</summary>
/// <param name="Distribution">The name of the distribution.</param>
/// <param name="Arguments">Its arguments by name.</param>
public sealed record SpaceLaw(string Distribution, ImmutableArray<(string Name, HostValue Value)> Arguments);

/// <summary>A named tensor domain.</summary>
/// <param name="Name">As written.</param>
/// <param name="Element">What the numbers are.</param>
/// <param name="Count">Levels, classes, codes; 0 otherwise. Of classes and codes a name that only the data knows.</param>
/// <param name="Shape">Per-sample shape.</param>
/// <param name="Range">The values of its numbers.</param>
/// <param name="Law">What <c>draw</c> draws, or null.</param>
public sealed record SpaceSymbol(string Name, Element Element, Dim Count, ImmutableArray<Dim> Shape, Interval Range, SpaceLaw? Law, string Doc, TextSpan Span)
{
    /// <summary>Sizes that only the data knows, by the names they have in the file.</summary>
    public IEnumerable<DimVariable> FreeSizes => Shape.Select(d => d.AsVariable).OfType<DimVariable>().Concat(FreeCount is { } count ? [count] : []);

    /// <summary>The count, where only the data knows it.</summary>
    public DimVariable? FreeCount => Count.AsVariable;

    /// <summary>The type of a batch of this space.</summary>
    public TensorType TypeOf(Rows? rows) => new(Element, Count, rows, Shape, Range) { Space = this };

    /// <inheritdoc/>
    public bool Equals(SpaceSymbol? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.StringComparer.Ordinal.GetHashCode(Name);
}
