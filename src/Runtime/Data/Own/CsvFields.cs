using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Own;

/// <summary>The fields of a table, and some of its lines as columns. What the classes of a column are is said by all lines, whatever split is read.</summary>
internal sealed class CsvFields(string path, string[] names, List<string[]> lines, List<int> rows)
{
    public int Count => rows.Count;

    public static double? Number(string field) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>Whether most of the first fields of a column are numbers; that all are is required when it is read.</summary>
    public bool IsNumber(string name)
    {
        var place = Place(name);
        return 2 * lines.Take(20).Count(line => Number(line[place]) is not null) >= Math.Min(20, lines.Count);
    }

    /// <summary>A column of one number or class a row.</summary>
    public Column Scalar(string name, ElementKind element, int count)
    {
        if (element is ElementKind.Class or ElementKind.Code)
        {
            return Classes(name, element, count);
        }

        var values = Values([name], element, count);
        return Of(name, element, count, values.squeeze(1));
    }

    /// <summary>A column of rows of numbers.</summary>
    public Column Row(string name, SpaceInfo space, string[] of)
    {
        var size = space.Size;
        if (size >= 0 && of.Length != size || of.Length == 0)
        {
            throw new GenDslException(
                $"'{path}', data '{name}': {space} wants {(size < 0 ? "a row of" : size)} numbers, and there are {of.Length} columns for it{(of.Length == 0 ? "" : ": " + List(of))}. "
                + $"The table has: {List(names)}. Name the columns {name}0, {name}1, ..., or declare the space with their number.");
        }

        using var values = Values(of, space.Element, space.Count);
        return Of(name, space.Element, space.Count, size < 0 ? values.alias() : values.reshape([rows.Count, .. space.Shape]));
    }

    private static Column Of(string name, ElementKind element, int count, Tensor values) => element switch
    {
        ElementKind.Levels => new Column(name, element, count, values),
        ElementKind.Bit => new Column(name, element, 0, 0, 1, values),
        _ => new Column(name, ElementKind.Real, 0, double.NegativeInfinity, double.PositiveInfinity, values),
    };

    private Tensor Values(string[] of, ElementKind element, int count)
    {
        int[] places = [.. of.Select(Place)];
        var most = element switch { ElementKind.Levels => count - 1, ElementKind.Bit => 1, _ => -1 };
        var values = new float[rows.Count * places.Length];
        for (var row = 0; row < rows.Count; row++)
        {
            for (var i = 0; i < places.Length; i++)
            {
                var field = lines[rows[row]][places[i]];
                if (Number(field) is not { } number || most >= 0 && (number < 0 || number > most || number != Math.Floor(number)))
                {
                    throw Wrong(rows[row], of[i], field, most < 0 ? "a number" : $"a whole number from 0 to {most}");
                }

                values[row * places.Length + i] = (float)number;
            }
        }

        var real = tensor(values, [rows.Count, places.Length], ScalarType.Float32);
        if (most < 0)
        {
            return real;
        }

        using (real)
        {
            return real.to(most < 256 ? ScalarType.Byte : ScalarType.Int32);
        }
    }

    private Column Classes(string name, ElementKind element, int count)
    {
        var place = Place(name);
        var empty = lines.FindIndex(line => line[place].Length == 0);
        if (empty >= 0)
        {
            throw Wrong(empty, name, "", "a class");
        }

        // Numbers from 0 on are their own classes; everything else is numbered in order.
        List<string> distinct = [.. lines.Select(line => line[place]).Distinct()];
        var isNumbered = distinct.TrueForAll(field => int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < Math.Max(count, distinct.Count));
        string[] vocabulary = isNumbered
            ? [.. Enumerable.Range(0, Math.Max(count, distinct.Count)).Select(number => number.ToString(CultureInfo.InvariantCulture))]
            : [.. distinct.OrderBy(field => Number(field) ?? double.PositiveInfinity).ThenBy(field => field, StringComparer.Ordinal)];
        var numbers = vocabulary.Select((text, number) => (text, number)).ToDictionary(pair => pair.text, pair => pair.number);
        var codes = rows.Select(row => isNumbered ? int.Parse(lines[row][place], CultureInfo.InvariantCulture) : numbers[lines[row][place]]).ToArray();
        return new Column(name, element, vocabulary.Length, tensor(codes, ScalarType.Int32)) { Vocabulary = vocabulary };
    }

    private int Place(string name) => Array.IndexOf(names, name);

    // The first line names the columns.
    private GenDslException Wrong(int line, string column, string field, string wanted) =>
        new($"'{path}', row {line + 1} below the names, column '{column}': '{field}' is not {wanted}. Correct the row or leave it out.");

    private static string List(string[] of) => string.Join(", ", of.Take(12)) + (of.Length > 12 ? $", ... ({of.Length})" : "");
}
