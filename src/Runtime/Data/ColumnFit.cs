using System;
using System.Collections.Generic;
using System.Linq;

namespace GenDsl.Runtime.Data;

/// <summary>Decides from kinds, counts and shapes whether a column can be read as a space. Values are checked by the readers.</summary>
internal static class ColumnFit
{
    /// <summary>Why the column does not fit, or null where it does.</summary>
    public static string? Problem(Column column, SpaceInfo space) =>
        KindProblem(column, space) ?? ViewProblem(column, space) ?? LengthProblem(column, space) ?? ShapeProblem(column.Shape, space);

    /// <summary>The column that was most likely meant where none fits: of a kind that could, and of the shape if there is one.</summary>
    public static Column? Nearest(IEnumerable<Column> columns, SpaceInfo space) => columns
        .Where(column => column.Kind == space.Element || column.Kind == ElementKind.Levels || (IsLabel(column.Kind) && IsLabel(space.Element)))
        .OrderBy(column => ShapeProblem(column.Shape, space) is null ? 0 : 1)
        .FirstOrDefault();

    private static string? KindProblem(Column column, SpaceInfo space)
    {
        switch (space.Element)
        {
            case ElementKind.Real when IsLevels(column):
                return double.IsInfinity(space.Low) || double.IsInfinity(space.High)
                    ? "levels need a range to be mapped to. Give the space one, for example [0, 1] or [-1, 1]."
                    : null;
            case ElementKind.Real when column.Kind == ElementKind.Real:
                return null;
            case ElementKind.Levels when IsLevels(column):
                // Finer levels fall into coarser ones of equal width.
                return LevelsOf(column) % space.Count == 0 ? null : CountProblem("levels", LevelsOf(column), space.Count);
            case ElementKind.Bit when IsLevels(column):
                return null;
            case ElementKind.MuLaw when column.Kind == ElementKind.Real:
                return column.Low >= -1 && column.High <= 1
                    ? null
                    : "only audio in [-1, 1] can be mu-law coded. Give the column that range.";
            case ElementKind.Class or ElementKind.Code or ElementKind.MuLaw when column.Kind == space.Element || (IsLabel(column.Kind) && IsLabel(space.Element)):
                return space.FreeCount is not null || column.Count == space.Count ? null : CountProblem(Plural(space.Element), column.Count, space.Count);
            default:
                return $"{Plural(column.Kind)} are not {Plural(space.Element)}. Bind a column of {Plural(space.Element)}, or change the space's element.";
        }
    }

    // A label is no sequence of length one.
    private static string? LengthProblem(Column column, SpaceInfo space) => IsLabel(column.Kind) && column.Shape.Length == 0 && space.Shape.Contains(-1)
        ? $"it is one label for each row, and the space is of rows of a length, {space.ShapeText}. Open other data, or declare the space without the size."
        : null;

    private static string? ViewProblem(Column column, SpaceInfo space) =>
        column.View == ColumnView.Plain || space.Element == ElementKind.Bit
            ? null
            : $"the view '@{column.View.ToString().ToLowerInvariant()}' draws bits, and this space has none. Leave the view out, or use a space of bits.";

    /// <summary>The shape that rows have in the space, whose free sizes are those of the data.</summary>
    public static long[] ShapeOf(ReadOnlySpan<long> column, SpaceInfo space)
    {
        if (!space.Shape.Contains(-1))
        {
            return space.Shape;
        }

        // From the back, for a channel axis of size 1 may be missing or superfluous in front.
        var shape = (long[])space.Shape.Clone();
        for (var i = 1; i <= shape.Length; i++)
        {
            shape[^i] = shape[^i] < 0 ? (i <= column.Length ? column[^i] : 1) : shape[^i];
        }

        return shape;
    }

    private static string? ShapeProblem(long[] column, SpaceInfo space)
    {
        var wanted = ShapeOf(column, space);
        if (WithoutLeadingOnes(column).SequenceEqual(WithoutLeadingOnes(wanted)) && space.Admits(wanted))
        {
            return null;
        }

        if (Channels(column, 3) && Channels(space.Shape, 1))
        {
            return "the pictures are in colour and the space is grey. Have them made grey, NAME@grey, or declare the space with 3 channels.";
        }

        if (Channels(column, 1) && Channels(space.Shape, 3))
        {
            return "the pictures are grey and the space is in colour. Have them given three channels, NAME@color, or declare the space with 1 channel.";
        }

        var text = $"the shapes differ, {ShapeText.Of(column)} and {space.ShapeText}.";
        if (Size(column) == space.Size)
        {
            return $"{text} Both have {space.Size} elements: declare the space with the column's shape and reshape inside the model.";
        }

        return $"{text} Declare the space with the column's shape, or open other data.";
    }

    // Two axes are those of a grey picture too.
    private static bool Channels(long[] shape, int channels) => shape is [_, > 1, > 1] ? shape[0] == channels : shape is [> 1, > 1] && channels == 1;

    private static ReadOnlySpan<long> WithoutLeadingOnes(long[] shape)
    {
        var first = 0;
        while (first < shape.Length && shape[first] == 1)
        {
            first++;
        }

        return shape.AsSpan(first);
    }

    private static long Size(long[] shape)
    {
        var size = 1L;
        foreach (var axis in shape)
        {
            size *= axis;
        }

        return size;
    }

    // Both are labels from 0 on.
    private static bool IsLabel(ElementKind kind) => kind is ElementKind.Class or ElementKind.Code;

    private static bool IsLevels(Column column) => column.Kind is ElementKind.Levels or ElementKind.Bit;

    /// <summary>The number of levels of a column of levels or bits.</summary>
    public static int LevelsOf(Column column) => column.Kind == ElementKind.Bit ? 2 : column.Count;

    private static string CountProblem(string what, int column, int space) =>
        $"the data has {column} {what} and the space {space}. Declare the space with {column}.";

    private static string Plural(ElementKind kind) => kind switch
    {
        ElementKind.Real => "real numbers",
        ElementKind.Levels => "levels",
        ElementKind.Bit => "bits",
        ElementKind.Class => "classes",
        ElementKind.Code => "codes",
        _ => "mu-law classes",
    };
}
