using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using CsvHelper;
using CsvHelper.Configuration;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Own;

/// <summary>
/// A table in a CSV file whose first line names its columns. A declared number or label is the column of its name; a declared row of numbers is made
/// of the columns whose names begin with its name and end in a number, or else of all numbers that no other name takes. What nothing declares is a
/// column of its own: numbers as they are, texts as classes.
/// </summary>
internal sealed class CsvTable(string path) : DataSet(new DataSetInfo(
    path, "a table of your own; its columns, and the rows of numbers that the program declares", "", ["train", "test", "validation", "trainall", "all"], [], false))
{
    protected override Source Read(DataRequest request)
    {
        var (names, lines) = Load();
        var table = new CsvFields(Info.Name, names, lines, Held(lines, request.Split));
        if (table.Count == 0)
        {
            throw new GenDslException($"'{Info.Name}' has {lines.Count} rows, too few to hold some out for each split: '{request.Split}' is empty. Read all of them with '{Info.Name}:all'.");
        }

        List<Column> columns = [];
        HashSet<string> taken = [.. names.Where(name => request.Options.Columns.Any(column => column.Name == name))];
        foreach (var (name, space) in request.Options.Columns)
        {
            var ranks = space.Shape.Length == 0 || space.Size == 1;
            if (taken.Contains(name) && ranks)
            {
                columns.Add(table.Scalar(name, space.Element, space.Count));
            }
            else if (!ranks && space.Element is ElementKind.Real or ElementKind.Levels or ElementKind.Bit && !columns.Any(column => column.Name == name))
            {
                string[] numbered = [.. names.Where(column => column.Length > name.Length && column.StartsWith(name, StringComparison.Ordinal) && IsNumbered(column.AsSpan(name.Length)))];
                columns.Add(table.Row(name, space, numbered.Length > 0 ? numbered : [.. names.Where(column => !taken.Contains(column) && table.IsNumber(column))]));
            }
        }

        foreach (var name in names.Where(name => columns.TrueForAll(column => column.Name != name)))
        {
            columns.Add(table.Scalar(name, table.IsNumber(name) ? ElementKind.Real : ElementKind.Class, 0));
        }

        return new Source(request.Name, columns);
    }

    // x0, x_0, x[0], "x 0"
    private static bool IsNumbered(ReadOnlySpan<char> rest) => rest.Trim("_.-[]() ") is { IsEmpty: false } number && !number.ContainsAnyExceptInRange('0', '9');

    // By the number of the line, as files are by their path.
    private static List<int> Held(List<string[]> lines, string split)
    {
        List<int> order = [.. Enumerable.Range(0, lines.Count).OrderBy(line => RowRandom.Key(0, line.ToString(CultureInfo.InvariantCulture))).ThenBy(line => line)];
        var held = order.Count < 3 ? 0 : Math.Max(1, order.Count / 12);
        List<int> rows = split switch
        {
            "test" => order[..held],
            "validation" => order[held..(2 * held)],
            "train" => order[(2 * held)..],
            "trainall" => order[held..],
            _ => order,
        };
        rows.Sort();
        return rows;
    }

    private (string[] Names, List<string[]> Lines) Load()
    {
        try
        {
            using var text = new StreamReader(Info.Name);
            using var parser = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                DetectDelimiter = true,
                TrimOptions = TrimOptions.Trim,
                BadDataFound = bad => throw new GenDslException($"'{Info.Name}', line {bad.Context.Parser?.RawRow}: a quotation mark stands where none may. Double it, or quote the whole field."),
            });
            if (!parser.Read() || parser.Record is not { Length: > 0 } names)
            {
                throw new GenDslException($"'{Info.Name}' is empty. Its first line names the columns.");
            }

            if (names.All(name => CsvFields.Number(name) is not null))
            {
                throw new GenDslException($"'{Info.Name}' begins with numbers ({string.Join(", ", names.Take(4))}): its first line has to name the columns.");
            }

            if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            {
                throw new GenDslException($"'{Info.Name}' has two columns named '{twice.Key}'. Rename one.");
            }

            List<string[]> lines = [];
            while (parser.Read())
            {
                var record = parser.Record!;
                if (record.Length != names.Length)
                {
                    throw new GenDslException($"'{Info.Name}', line {parser.RawRow} has {record.Length} fields, and the first line names {names.Length}.");
                }

                lines.Add([.. record]);
            }

            return ([.. names], lines);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GenDslException($"'{Info.Name}' cannot be read: {error.Message}", error);
        }
    }
}
