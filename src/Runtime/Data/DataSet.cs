using System;
using System.Globalization;
using System.Linq;

namespace GenDsl.Runtime.Data;

/// <summary>A data set that can be opened by name.</summary>
internal abstract class DataSet(DataSetInfo info)
{
    protected static readonly string[] BitViews = ["static", "random"];

    protected static readonly string[] LengthViews = ["LENGTH"];

    private const int LongestWindow = 65_536;

    public DataSetInfo Info { get; } = info;

    public Source Open(DataSpec spec, DataOptions options)
    {
        var split = spec.Split ?? Info.Splits[0];
        if (!Info.Splits.Contains(split))
        {
            throw new GenDslException($"Data set '{Info.Name}' has no split '{split}'. It has: {string.Join(", ", Info.Splits)}.");
        }

        if (options.Rows is < 1)
        {
            throw new GenDslException($"Data set '{Info.Name}': {options.Rows} rows were asked for. Ask for at least one.");
        }

        var request = new DataRequest($"{Info.Name}{(spec.View is null ? "" : "@" + spec.View)}:{split}", split, View(spec), Length(spec), options);
        var source = Read(request);
        foreach (var column in source.Columns)
        {
            column.Values.DetachFromDisposeScope();
        }

        if (request.View != ColumnView.Plain)
        {
            source = Through(source, whole => whole.WithView(request.View));
        }

        return options.Rows is { } rows && rows < source.Rows ? Through(source, whole => whole.Slice(0, rows)) : source;
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

    private ColumnView View(DataSpec spec)
    {
        switch (spec.View)
        {
            case null:
                return ColumnView.Plain;
            case "static" when Info.Views.Contains("static"):
                return ColumnView.Static;
            case "random" when Info.Views.Contains("random"):
                return ColumnView.Random;
            case var _ when Length(spec) is not null:
                return ColumnView.Plain;
            default:
                var views = Info.Views.Count == 0 ? "It has no views." : $"It has: {string.Join(", ", Info.Views.Select(view => view == "LENGTH" ? $"@LENGTH, 1 to {LongestWindow}" : "@" + view))}.";
                throw new GenDslException($"Data set '{Info.Name}' has no view '@{spec.View}'. {views}");
        }
    }

    private int? Length(DataSpec spec) =>
        Info.Views.Contains("LENGTH") && int.TryParse(spec.View, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length is > 0 and <= LongestWindow
            ? length
            : null;
}
