using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;

namespace GenDsl.Cli.Data;

/// <summary>Sources in memory, by the names of a program.</summary>
internal sealed class OpenSources : IDisposable
{
    private OpenSources(IReadOnlyDictionary<string, Source> byName) => ByName = byName;

    /// <summary>No sources.</summary>
    public static OpenSources None { get; } = new(new Dictionary<string, Source>());

    public IReadOnlyDictionary<string, Source> ByName { get; }

    /// <summary>Opens data and checks that it fits.</summary>
    /// <param name="specs">The data of each source.</param>
    /// <param name="sources">The sources as the program declares them.</param>
    /// <param name="progress">Told what takes time.</param>
    public static OpenSources Open(IReadOnlyDictionary<string, string> specs, IReadOnlyList<SourceInfo> sources, Action<string> progress)
    {
        var byName = new Dictionary<string, Source>();
        var open = new OpenSources(byName);
        try
        {
            foreach (var (name, spec) in specs)
            {
                byName[name] = DataOf(spec, [.. sources.Where(source => source.Name == name).SelectMany(source => source.Columns).Distinct()], progress);
            }

            foreach (var source in sources)
            {
                open.ByName[source.Name].Require(source.Columns);
                foreach (var column in source.Columns)
                {
                    open.ByName[source.Name].Bind(column).Dispose();
                }
            }

            return open;
        }
        catch
        {
            open.Dispose();
            throw;
        }
    }

    private static Source DataOf(string text, IReadOnlyList<ColumnBinding> columns, Action<string> progress) =>
        DataSpec.Parse(text) is var spec && RunSamples.Is(spec) ? RunSamples.Open(spec, progress) : DataSets.Open(text, new DataOptions { Progress = progress, Columns = columns });

    /// <summary>The texts of a space's classes or codes, where a column has them.</summary>
    public IReadOnlyList<string>? Vocabulary(SpaceInfo space) => ByName.Values
        .SelectMany(source => source.Columns)
        .FirstOrDefault(column => (column.Kind == space.Element || (IsLabel(column.Kind) && IsLabel(space.Element))) && (space.FreeCount is not null || column.Count == space.Count) && column.Vocabulary.Count > 0)?.Vocabulary;

    private static bool IsLabel(ElementKind kind) => kind is ElementKind.Class or ElementKind.Code;

    public void Dispose()
    {
        foreach (var source in ByName.Values)
        {
            source.Dispose();
        }
    }
}
