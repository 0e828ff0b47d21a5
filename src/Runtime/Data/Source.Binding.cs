using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime.Data;

namespace GenDsl.Runtime;

public sealed partial class Source : IDisposable
{
    /// <summary>
    /// Finds the column that a program means and sees it through its space: the column of that name if it fits, else the only column that fits.
    /// </summary>
    /// <param name="binding">The name and space that the program declares.</param>
    /// <returns>A reader of that column, converted to the space; see <see cref="Column.As"/>.</returns>
    /// <exception cref="GenDslException">No column fits, or several do; the message lists the columns with kind, shape and range.</exception>
    public IColumnReader Bind(ColumnBinding binding)
    {
        ArgumentNullException.ThrowIfNull(binding);
        var column = Find(binding);
        try
        {
            return column.As(binding.Space);
        }
        catch (GenDslException error)
        {
            throw new GenDslException($"Source '{Name}', data '{binding.Name}': {error.Message}", error);
        }
    }

    /// <summary>The free sizes of spaces as this data has them: one size under one name.</summary>
    /// <param name="bindings">The columns that a program declares.</param>
    /// <returns>The sizes by name.</returns>
    /// <exception cref="GenDslException">No column fits, or two columns have different sizes under one name.</exception>
    public IReadOnlyDictionary<string, long> SizesOf(IEnumerable<ColumnBinding> bindings)
    {
        ArgumentNullException.ThrowIfNull(bindings);
        var sizes = new Dictionary<string, (long Size, string Column)>(StringComparer.Ordinal);
        foreach (var binding in bindings.Where(binding => binding.Space.FreeNames.Any()))
        {
            // What does not fit at all is said when it is bound.
            var column = Find(binding);
            if (ColumnFit.Problem(column, binding.Space) is not null)
            {
                continue;
            }

            var shape = ColumnFit.ShapeOf(column.Shape, binding.Space);
            var free = 0;
            for (var axis = 0; axis < shape.Length; axis++)
            {
                if (binding.Space.Shape[axis] >= 0)
                {
                    continue;
                }

                Add(binding.Space.FreeSizes[free++], shape[axis], binding.Name);
            }

            if (binding.Space.FreeCount is { } count)
            {
                Add(count, column.Count, binding.Name);
            }
        }

        return sizes.ToDictionary(pair => pair.Key, pair => pair.Value.Size, StringComparer.Ordinal);

        void Add(string name, long size, string column)
        {
            if (!sizes.TryAdd(name, (size, column)) && sizes[name].Size != size)
            {
                throw new GenDslException(
                    $"Source '{Name}': '{name}' is {sizes[name].Size} in '{sizes[name].Column}' and {size} in '{column}', but one name is one size. Rename one of the sizes.");
            }
        }
    }

    /// <summary>Checks that columns of a program are columns of this data, and each a column of its own: a picture is no pair with itself.</summary>
    /// <param name="bindings">All that a program reads of the source.</param>
    /// <exception cref="GenDslException">No column fits, a free size has two values, or two columns of one space would be the same one.</exception>
    public void Require(IReadOnlyList<ColumnBinding> bindings)
    {
        ArgumentNullException.ThrowIfNull(bindings);
        SizesOf(bindings);
        foreach (var same in bindings.Where(binding => ColumnFit.Problem(Find(binding), binding.Space) is null).GroupBy(binding => (Find(binding), binding.Space)).Where(same => same.Count() > 1))
        {
            var names = string.Join(" and ", same.Select(binding => $"'{binding.Name}'"));
            throw new GenDslException(
                $"Source '{Name}': {names} would be one and the same column, '{same.Key.Item1.Name}', the only one that fits {same.Key.Space}. Columns: {string.Join("; ", Columns.Select(column => column.ToString()))}. Open data that has both.");
        }
    }

    private Column Find(ColumnBinding binding)
    {
        var named = Columns.FirstOrDefault(column => column.Name == binding.Name);
        List<Column> fits = [.. Columns.Where(column => ColumnFit.Problem(column, binding.Space) is null)];

        // A name that only happens to agree (a picture called x, a factor called x) does not stand in the way of the only fit.
        return named is not null && (fits.Contains(named) || fits.Count != 1) ? named : OnlyFit(binding, fits);
    }

    /// <summary>The rows from <paramref name="first"/> on, sharing the storage.</summary>
    /// <param name="first">The first row, from 0.</param>
    /// <param name="count">How many rows, at least one.</param>
    /// <exception cref="GenDslException">The rows are not all there.</exception>
    public Source Slice(long first, long count)
    {
        if (first < 0 || count < 1 || first + count > Rows)
        {
            throw new GenDslException($"Source '{Name}' has {Rows} rows: it has no {count} rows from row {first} on. Ask for fewer.");
        }

        return new Source(Name, [.. Columns.Select(column => column.Slice(first, count))]);
    }

    /// <summary>Some of the rows, in the order of their numbers given; the storage is copied. Static draws of bits are those of the new places.</summary>
    /// <exception cref="GenDslException">There are none, or one is not there.</exception>
    public Source Take(IReadOnlyList<long> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0 || rows.Any(row => row < 0 || row >= Rows))
        {
            throw new GenDslException($"Source '{Name}' has {Rows} rows: the rows asked for are {(rows.Count == 0 ? "none" : "not all there")}.");
        }

        return new Source(Name, [.. Columns.Select(column => column.Take(rows))]);
    }

    /// <summary>The same rows with their levels binarised through a view.</summary>
    public Source WithView(ColumnView view) => new(
        Name,
        [.. Columns.Select(column => column.WithView(column.Kind is ElementKind.Levels ? view : column.View))]);

    /// <summary>Frees the columns. Slices, other views and readers on another device keep what they share.</summary>
    public void Dispose()
    {
        foreach (var column in Columns)
        {
            column.Release();
        }
    }

    private Column OnlyFit(ColumnBinding binding, List<Column> fits)
    {
        if (fits.Count == 1)
        {
            return fits[0];
        }

        // A single column that misses is best explained by what it misses.
        if (Columns.Count == 1)
        {
            return Columns[0];
        }

        var hint = Spelling.Meant(binding.Name, Columns.Select(column => column.Name));
        var why = fits.Count == 0
            ? "no column has that name and none fits"
            : $"no column has that name and {fits.Count} fit ({string.Join(", ", fits.Select(column => $"'{column.Name}'"))})";
        var columns = string.Join("; ", Columns.Select(column => column.ToString()));
        var reason = fits.Count == 0 && ColumnFit.Nearest(Columns, binding.Space) is { } close
            ? $" Column '{close.Name}' does not fit because {ColumnFit.Problem(close, binding.Space)}"
            : "";
        throw new GenDslException(
            $"Source '{Name}', data '{binding.Name}': {why}. Wanted: {binding.Space}. Columns: {columns}.{reason}{hint} Name the data after a column.");
    }
}
