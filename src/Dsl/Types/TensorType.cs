using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Types;

/// <summary>What the numbers of a tensor are.</summary>
public enum Element
{
    /// <summary>Floating-point numbers.</summary>
    Real,

    /// <summary>Ordered levels 0 .. count - 1, such as 8-bit pixels.</summary>
    Level,

    /// <summary>0 or 1.</summary>
    Bit,

    /// <summary>Unordered labels 0 .. count - 1.</summary>
    Class,

    /// <summary>Unordered codes 0 .. count - 1.</summary>
    Code,

    /// <summary>Mu-law companded audio levels 0 .. count - 1.</summary>
    MuLaw,

    /// <summary>One of count values, whatever they mean: what takes levels, bits, classes, codes and mu-law levels alike.</summary>
    Discrete,

    /// <summary>Integers, such as positions.</summary>
    Index,

    /// <summary>Truth values.</summary>
    Truth,
}

/// <summary>The type of a tensor value: what its numbers are, its rows, its per-sample shape, its range.</summary>
/// <param name="Element">What the numbers are.</param>
/// <param name="Count">Levels, classes or codes; 0 for the other elements.</param>
/// <param name="Rows">The batch; null for a value without one (a parameter, a mean).</param>
/// <param name="Shape">Per-sample shape.</param>
/// <param name="Range">The values it may take.</param>
public sealed record TensorType(Element Element, Dim Count, Rows? Rows, ImmutableArray<Dim> Shape, Interval Range)
{
    /// <summary>The space it was declared as; an operation on it drops the name.</summary>
    public SpaceSymbol? Space { get; init; }

    /// <summary>The number of variables that the features stand for in classes (MADE); null where they stand for themselves.</summary>
    public Dim? Order { get; init; }

    /// <summary>
    /// The number of classes that the features are in, where <see cref="Order"/> is set: feature k of n is in class k mod Classes, or
    /// floor(k * Classes / n) where n is smaller. As many as variables, or one fewer in the hidden layers, which never see the last.
    /// </summary>
    public Dim? Classes { get; init; }

    /// <summary>Of numbers of rows: the rows that they are numbers of; null for those of any rows that are as many.</summary>
    public Rows? Numbers { get; init; }

    /// <summary>The rows that the first per-sample axis is made of (<c>all_rows</c>, <c>similarity</c>); null where it is an axis like others.</summary>
    public Rows? Across { get; init; }

    /// <summary>The number of tensors of a family, each of this type; null for a single tensor.</summary>
    public Dim? Members { get; init; }

    /// <summary>A floating-point tensor of unknown range.</summary>
    public static TensorType Real(Rows? rows, ImmutableArray<Dim> shape) => new(Element.Real, 0, rows, shape, Interval.All);

    /// <summary>True where the numbers are one of finitely many.</summary>
    public bool IsDiscrete => Element is Element.Level or Element.Bit or Element.Class or Element.Code or Element.MuLaw or Element.Discrete;

    /// <summary>
    /// The sizes that a tensor, or family, of this type shows: its axes, and the length of a family; the axes of a family that may be empty do not show.
    /// </summary>
    public IEnumerable<Dim> KnownFromData => Members is null ? Shape : Members.LowerBound >= 1 ? [Members, .. Shape] : [Members];

    /// <summary>True for one number without a batch.</summary>
    public bool IsScalar => Rows is null && Shape.Length == 0;

    /// <summary>Number of axes of the stored tensor, batch included.</summary>
    public int Rank => Shape.Length + (Rows is null ? 0 : 1);

    /// <summary>The type of a result: the space's name is lost, the rest stays unless said.</summary>
    public TensorType With(ImmutableArray<Dim>? shape = null, Interval? range = null) =>
        this with { Shape = shape ?? Shape, Range = range ?? Range, Space = null, Across = shape is null ? Across : null, Order = shape is null ? Order : null, Classes = shape is null ? Classes : null };

    /// <summary>The type with another number of features: classes go round, so sizes that are whole turns keep them.</summary>
    public TensorType WithFeatures(Dim features, Interval range)
    {
        TensorType type = With(Shape.SetItem(0, features), range);
        return Classes is { } classes && Shape[0].TryDivide(classes) is not null && features.TryDivide(classes) is not null
            ? type with { Order = Order, Classes = Classes }
            : type;
    }

    /// <summary>True where the shapes are equal for all sizes.</summary>
    public bool SameShape(TensorType other) => Shape.SequenceEqual(other.Shape);

    /// <summary>The shape as in the language: <c>[1, 28, 28]</c>, with the rows before a semicolon where shown.</summary>
    public string ShapeText => ShapeOf(Shape);

    /// <summary>A shape as text.</summary>
    public static string ShapeOf(ImmutableArray<Dim> shape) => "[" + string.Join(", ", shape.Select(d => d.ToString())) + "]";

    /// <summary>Element, shape and range as a reader of a message wants them.</summary>
    public override string ToString()
    {
        string element = Element switch
        {
            Element.Real => "",
            Element.Bit => "bit",
            Element.Level => Count.Value == 256 ? "u8" : $"level[{Count}]",
            Element.Class => $"class[{Count}]",
            Element.Code => $"code[{Count}]",
            Element.MuLaw => $"mulaw[{Count}]",
            Element.Discrete => $"discrete[{Count}]",
            Element.Index => "index",
            _ => "truth",
        };
        string range = Element == Element.Real && !Range.IsAll ? $" in {Range}" : "";
        return (Members is { } members ? $"[{members}] of " : "") + (Space is { } space ? space.Name + " = " : "") + element + (element.Length > 0 && Shape.Length == 0 ? "" : ShapeText) + range;
    }
}
