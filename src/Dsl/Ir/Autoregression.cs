using System.Collections.Immutable;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ir.Horizons;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Ir;

/// <summary>What is drawn at once: nothing in it depends on anything else in it.</summary>
public enum GrainKind
{
    /// <summary>Whole rows of an image, top to bottom.</summary>
    Rows,

    /// <summary>Pixels with all their channels, row by row.</summary>
    Pixels,

    /// <summary>Single channels of a site.</summary>
    SubPixels,

    /// <summary>Sites along a line, with all their channels.</summary>
    Blocks,
}

/// <summary>What is drawn at once.</summary>
/// <param name="Kind">The unit.</param>
/// <param name="Count">How many: rows, channels, sites; at least 1, a constant.</param>
public sealed record Grain(GrainKind Kind, long Count)
{
    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        GrainKind.Rows => Of("rows"),
        GrainKind.Pixels => Of("pixels"),
        GrainKind.SubPixels => Of("sub-pixels"),
        _ => Of("sites"),
    };

    private string Of(string units) => Count == 1 ? units : $"blocks of {Count.ToString(System.Globalization.CultureInfo.InvariantCulture)} {units}";
}

/// <summary>
/// A line <c>x ~ D(arguments)</c> whose arguments depend on x, and only on what comes before in its order: the product of
/// the conditionals is a density, and its samples are drawn in that order. Values are those of <see cref="IrModel.LogProb"/>
/// (or of <see cref="IrModel.Elbo"/>).
/// </summary>
/// <param name="Data">The data parameter.</param>
/// <param name="Root">What is distributed: the data parameter itself, or a chart of it.</param>
/// <param name="Chart">The operations from <paramref name="Data"/> to <paramref name="Root"/>, in order; none where they are the same.</param>
/// <param name="Distribution">The family.</param>
/// <param name="Arguments">Its arguments, in its order.</param>
/// <param name="Order">The order of drawing: sites, then channels unless they are drawn at once.</param>
/// <param name="Horizon">What the law of a number may see at most, relative to its own place: every lead lies in the past.</param>
/// <param name="Grain">What may be drawn at once.</param>
/// <param name="Span">The line.</param>
public sealed record Autoregression(
    IrValue Data,
    IrValue Root,
    ImmutableArray<CatalogOp> Chart,
    Distribution Distribution,
    ImmutableArray<IrOperand> Arguments,
    DrawOrder Order,
    Horizon Horizon,
    Grain Grain,
    TextSpan Span)
{
    /// <summary>Values that are drawn before it, whatever their proposals look at.</summary>
    public ImmutableArray<IrValue> Latents { get; init; } = [];
}
