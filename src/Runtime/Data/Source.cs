using System;
using System.Collections.Generic;
using System.Linq;

namespace GenDsl.Runtime;

/// <summary>A table of rows: named columns of equal length, held in memory.</summary>
public sealed partial class Source
{
    /// <summary>Creates a source of at least one column, all with the same number of rows, at least one.</summary>
    public Source(string name, IReadOnlyList<Column> columns)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count == 0)
        {
            throw new GenDslException($"Source '{name}' has no columns. Give it at least one.");
        }

        var rows = columns[0].Rows;
        if (columns.FirstOrDefault(column => column.Rows != rows) is { } odd)
        {
            throw new GenDslException(
                $"Source '{name}': column '{columns[0].Name}' has {rows} rows but column '{odd.Name}' has {odd.Rows}. The columns of a source must line up.");
        }

        if (rows == 0)
        {
            throw new GenDslException($"Source '{name}' is empty: its columns have no rows. Check the file or split it was read from.");
        }

        if (columns.GroupBy(column => column.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new GenDslException($"Source '{name}' has two columns named '{twice.Key}'. Rename one.");
        }

        Name = name;
        Columns = columns;
        Rows = rows;
    }

    /// <summary>The source's name, for example <c>mnist:train</c>.</summary>
    public string Name { get; }

    /// <summary>The number of rows, at least one.</summary>
    public long Rows { get; }

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<Column> Columns { get; }
}
