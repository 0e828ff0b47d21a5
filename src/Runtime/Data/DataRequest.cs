using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime.Data.Files;

namespace GenDsl.Runtime.Data;

/// <summary>What a data set is asked for, with names and views already checked.</summary>
/// <param name="Name">The name of the source to make.</param>
/// <param name="Split">The split.</param>
/// <param name="View">How levels become bits.</param>
/// <param name="Length">The window length asked for.</param>
/// <param name="Options">Folders, seed and number of rows.</param>
internal sealed record DataRequest(string Name, string Split, ColumnView View, int? Length, DataOptions Options)
{
    /// <summary>The names of all views that were asked for, without their numbers.</summary>
    public IReadOnlyList<string> Asked { get; init; } = [];

    /// <summary>The length of windows: what was asked for, else that of the first row of numbers that the program declares, else a default.</summary>
    public int WindowLength(int otherwise) => Length
        ?? (int?)Options.Columns.Select(column => column.Space.Shape switch { [> 1 and var length] => length, [1, > 1 and var length] => length, _ => (long?)null }).FirstOrDefault(length => length is not null)
        ?? otherwise;

    /// <summary>The path of a file of the data set, found, downloaded and checked.</summary>
    public string Path(DataFile file) => DataFiles.Find(file, Options);

    /// <summary>
    /// Cuts what was read as training data: <c>validation</c> is its last twelfth, <c>train</c> the rest, every other split is whole.
    /// </summary>
    public Source Cut(Source whole)
    {
        var held = whole.Rows / 12;
        var (first, count) = Split switch
        {
            "train" => (0, whole.Rows - held),
            "validation" => (whole.Rows - held, held),
            _ => (0, whole.Rows),
        };
        using (whole)
        {
            return whole.Slice(first, count);
        }
    }
}
