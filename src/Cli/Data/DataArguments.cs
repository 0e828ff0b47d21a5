using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using GenDsl.Cli.Runs;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;

namespace GenDsl.Cli.Data;

/// <summary>Reads <c>--data [source=]SPEC</c>: which data goes to which source.</summary>
internal static class DataArguments
{
    /// <summary>The data of each source that was given some.</summary>
    /// <param name="given">The arguments.</param>
    /// <param name="sources">The sources, each of which an argument without a name may serve.</param>
    /// <param name="trainer">Whose they are.</param>
    /// <param name="onlyNamed">Sources that get data under their names alone.</param>
    public static Dictionary<string, string> Resolve(IReadOnlyList<string> given, IReadOnlyList<SourceInfo> sources, string trainer, IReadOnlyList<SourceInfo>? onlyNamed = null)
    {
        SourceInfo[] named = [.. sources, .. onlyNamed ?? []];
        var data = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var argument in given)
        {
            var equals = SourceMark(argument);
            var parsed = DataSpec.Parse(argument[(equals + 1)..]);
            if (RunSamples.Is(parsed))
            {
                RunSamples.Require(parsed);
            }
            else if (!DataSets.All.Any(set => string.Equals(set.Name, parsed.Name, StringComparison.OrdinalIgnoreCase)) && Path.Exists(parsed.Name))
            {
                // Files of the user: a run that goes on from another folder finds them too.
                parsed = parsed with { Name = Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.Name)) };
                DataSets.Describe(parsed.Name);
            }
            else if (parsed.Name.AsSpan().ContainsAny('/', '\\'))
            {
                throw new GenDslException($"There is nothing at '{parsed.Name}': neither a run nor a folder of pictures, sounds or texts, nor a table.");
            }
            else
            {
                DataSets.Describe(parsed.Name);
            }

            var spec = parsed.ToString();

            if (equals >= 0)
            {
                Add(data, SourceOf(argument[..equals].Trim(), named, trainer), spec);
                continue;
            }

            foreach (var source in sources.Where(source => !given.Any(other => Names(other, source))))
            {
                Add(data, source, spec);
            }
        }

        return data;
    }

    private static void Add(Dictionary<string, string> data, SourceInfo source, string spec)
    {
        if (data.TryGetValue(source.Name, out var earlier) && earlier != spec)
        {
            throw new GenDslException($"--data gives both '{earlier}' and '{spec}' to '{source.Name}'. Give it one.");
        }

        data[source.Name] = spec;
    }

    /// <summary>A source may be named by one of its columns too.</summary>
    private static SourceInfo SourceOf(string name, IReadOnlyList<SourceInfo> sources, string trainer)
    {
        if (sources.FirstOrDefault(source => IsNamed(source, name)) is { } found)
        {
            return found;
        }

        var names = sources.Select(source => source.Name).ToArray();
        var known = names.Length > 0 ? $" It has: {string.Join(", ", names)}." : " It reads no data.";
        throw new GenDslException($"{trainer} has no source '{name}'.{Meant.Of(name, names)}{known}");
    }

    private static bool Names(string argument, SourceInfo source) =>
        SourceMark(argument) is var equals and >= 0 && IsNamed(source, argument[..equals].Trim());

    // The '=' behind a source's name; that of a view stands behind its '@'.
    private static int SourceMark(string argument) =>
        argument.IndexOfAny(['=', '@']) is var mark and >= 0 && argument[mark] == '=' ? mark : -1;

    private static bool IsNamed(SourceInfo source, string name) => source.Name == name || source.Columns.Any(column => column.Name == name);
}
