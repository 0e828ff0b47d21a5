using System;
using System.Globalization;
using System.Linq;

namespace GenDsl.Runtime.Data;

/// <summary>A data set that can be opened by name.</summary>
internal abstract class DataSet(DataSetInfo info)
{
    protected static readonly string[] BitViews = ["static", "random"];

    /// <summary>Binarisation, and rows that stay in their files.</summary>
    protected static readonly string[] FileViews = [.. BitViews, "stream"];

    protected static readonly string[] LengthViews = ["LENGTH"];

    /// <summary>Windows of a length, and rows that stay in their files.</summary>
    protected static readonly string[] LengthOrFileViews = [.. LengthViews, "stream"];

    private const int LongestWindow = 65_536;

    public DataSetInfo Info { get; } = info;

    public Source Open(DataSpec spec, DataOptions options)
    {
        var split = spec.Split ?? Info.Splits[0];
        if (!Info.Splits.Contains(split))
        {
            throw new GenDslException($"Data set '{Info.Name}' has no split '{split}'.{Spelling.Meant(split, Info.Splits)} It has: {string.Join(", ", Info.Splits)}.");
        }

        if (options.Rows is < 1)
        {
            throw new GenDslException($"Data set '{Info.Name}': {options.Rows} rows were asked for. Ask for at least one.");
        }

        // Of a set's own views there is one of a kind; views of rows stand behind it in any number.
        string[] parts = spec.View?.Split('@', StringSplitOptions.TrimEntries) ?? [];
        DataView[] known = [.. options.Views, .. DataViews.All];
        var rows = parts.Select(part => DataViews.Find(part, known)).OfType<(DataView View, long Number)>().ToArray();
        var own = parts.Where(part => DataViews.Find(part, known) is null).ToArray();
        if (Array.Find(own, part => !IsOwn(part)) is { } unknown)
        {
            string[] views = [.. Info.Views.Select(view => view == "LENGTH" ? $"@LENGTH, 1 to {LongestWindow}" : "@" + view), .. known.Select(other => "@" + other.Form)];
            throw new GenDslException($"Data set '{Info.Name}' has no view '@{unknown}'.{Spelling.Meant("@" + unknown.Split('=')[0], views.Select(view => view.Split('=')[0]))} It has: {string.Join(", ", views)}.");
        }

        if (own.GroupBy(Kind).FirstOrDefault(kind => kind.Count() > 1) is { } several)
        {
            throw new GenDslException($"'{spec}' asks for the views {string.Join(" and ", several.Select(part => "@" + part))} of data set '{Info.Name}'. Take one of them.");
        }

        var bits = own.Contains("static") ? ColumnView.Static : own.Contains("random") ? ColumnView.Random : ColumnView.Plain;
        var request = new DataRequest(
            $"{Info.Name}{(spec.View is null ? "" : "@" + spec.View)}:{split}", split, bits, own.Select(Length).FirstOrDefault(length => length is not null), options)
        {
            Asked = [.. own, .. rows.Select(row => row.View.Name)],
        };
        var source = Read(request);
        foreach (var column in source.Columns)
        {
            column.Storage.DetachFromDisposeScope();
        }

        if (request.View != ColumnView.Plain)
        {
            source = Through(source, whole => whole.WithView(request.View));
        }

        foreach (var (seen, number) in rows)
        {
            source = Through(source, whole => seen.Apply(whole, number));
        }

        return options.Rows is { } most && most < source.Rows ? Through(source, whole => whole.Slice(0, most)) : source;
    }

    protected abstract Source Read(DataRequest request);

    /// <summary>The changed source shares the storage, so the original's handles can go.</summary>
    private static Source Through(Source source, Func<Source, Source> change)
    {
        using (source)
        {
            return change(source);
        }
    }

    private bool IsOwn(string part) => part != "LENGTH" && Info.Views.Contains(part) || Length(part) is not null;

    private string Kind(string part) => BitViews.Contains(part) ? "bits" : Length(part) is not null ? "length" : part;

    private int? Length(string? view) =>
        Info.Views.Contains("LENGTH") && int.TryParse(view, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length is > 0 and <= LongestWindow
            ? length
            : null;
}
