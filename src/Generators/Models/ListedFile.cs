using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace GenDsl.Generators.Models;

/// <summary>One <c>.gen</c> file of the compilation, once however often it is listed.</summary>
/// <param name="File">The file, not read yet.</param>
/// <param name="Path">Its path without <c>.</c> and <c>..</c>.</param>
/// <param name="SameNameAs">The path of an earlier file whose generated file has the same name, if there is one.</param>
internal sealed record ListedFile(AdditionalText File, string Path, string? SameNameAs)
{
    public static bool IsGen(AdditionalText file) => file.Path.EndsWith(".gen", StringComparison.OrdinalIgnoreCase);

    public static IEnumerable<ListedFile> Each(ImmutableArray<AdditionalText> files, CancellationToken cancel)
    {
        var first = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        return files
            .Select(file => (File: file, Path: NormalPath.Of(file.Path)))
            .GroupBy(file => file.Path, StringComparer.Ordinal)
            .Select(same => same.First())
            .OrderBy(file => file.Path, StringComparer.Ordinal)
            .Select(file => new ListedFile(file.File, file.Path, EarlierOne(first, file.Path)))
            .ToArray();
    }

    private static string? EarlierOne(Dictionary<string, string> first, string path)
    {
        string name = HintName.Of(path);
        if (first.TryGetValue(name, out string? earlier))
        {
            return earlier;
        }

        first.Add(name, path);
        return null;
    }
}
