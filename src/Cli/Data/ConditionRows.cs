using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;

namespace GenDsl.Cli.Data;

/// <summary>What samples are drawn for where that is more than a class: the first rows of the data, of one source aligned with one another.</summary>
internal sealed class ConditionRows : IDisposable
{
    private readonly Dictionary<string, torch.Tensor> _byName = new(StringComparer.Ordinal);

    private ConditionRows()
    {
    }

    public IReadOnlyDictionary<string, torch.Tensor> ByName => _byName;

    /// <summary>True where samples cannot be drawn without data.</summary>
    public static bool AreNeeded(SampleInfo sample) => sample.Conditions.Any(condition => !condition.Space.IsOneClass);

    /// <summary>The data that the conditions of a sample are read from: of each the source with a column of its name, else the one of its space.</summary>
    /// <exception cref="GenDslException">Training read nothing of that space.</exception>
    public static IEnumerable<SourceInfo> Sources(SampleInfo sample, IReadOnlyList<SourceInfo> sources) =>
        sample.Conditions.Where(condition => !condition.Space.IsOneClass).Select(condition => Find(sample, condition, sources).Source).Distinct();

    /// <summary>Reads the rows.</summary>
    public static ConditionRows Of(SampleInfo sample, IReadOnlyList<SourceInfo> sources, OpenSources data, int count)
    {
        var rows = new ConditionRows();
        foreach (var condition in sample.Conditions.Where(condition => !condition.Space.IsOneClass))
        {
            var (source, column) = Find(sample, condition, sources);
            using var reader = data.ByName[source.Name].Bind(column);
            using var first = torch.arange(Math.Min(count, reader.Rows), torch.int64);
            rows._byName[condition.Name] = reader.Gather(first, Draws.Root(0, torch.CPU).At(condition.Name));
        }

        return rows;
    }

    private static (SourceInfo Source, ColumnBinding Column) Find(SampleInfo sample, ColumnBinding condition, IReadOnlyList<SourceInfo> sources)
    {
        var fits = sources.SelectMany(source => source.Columns.Where(column => column.Space.Equals(condition.Space)).Select(column => (source, column))).ToArray();
        return fits.FirstOrDefault(fit => fit.column.Name == condition.Name) is { source: not null } named ? named
            : fits.Length > 0 ? fits[0]
            : throw new GenDslException($"The sample '{sample.Name}' is drawn for '{condition.Name}', which is {condition.Space}, and training reads no such data. Draw it from the generated C#.");
    }

    public void Dispose()
    {
        foreach (var rows in _byName.Values)
        {
            rows.Dispose();
        }
    }
}
