using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace GenDsl.Runtime.Data.Own;

/// <summary>Finds out what a path of the user holds.</summary>
internal static class OwnFiles
{
    private static readonly string[] Tables = [".csv", ".tsv"];

    private static readonly string[] Texts = [".txt"];

    private static readonly string[] Sounds = [".wav"];

    /// <summary>The data that lies at a path; null where nothing does.</summary>
    /// <exception cref="GenDslException">Something does that is no data, or of several kinds.</exception>
    public static DataSet? At(string path)
    {
        if (File.Exists(path))
        {
            return Is(path, Tables) ? new CsvTable(path)
                : Is(path, Texts) ? new TextFiles(path)
                : throw new GenDslException(
                    $"'{path}' is a file, and only tables ({string.Join(", ", Tables)}) and texts ({string.Join(", ", Texts)}) are read as one. Pictures and sounds are given as the folder that they lie in.");
        }

        if (!Directory.Exists(path))
        {
            return null;
        }

        (string Kind, string[] Endings)[] kinds = [("pictures", PictureDecoder.Endings), ("sounds", Sounds), ("texts", Texts)];
        var endings = FileTree.Files(path).Select(file => Path.GetExtension(file).ToLowerInvariant()).CountBy(ending => ending).ToList();
        List<(string Kind, string[] Endings, int Count)> found =
            [.. kinds.Select(kind => (kind.Kind, kind.Endings, endings.Where(ending => kind.Endings.Contains(ending.Key)).Sum(ending => ending.Value))).Where(kind => kind.Item3 > 0)];
        return found switch
        {
            [] => throw new GenDslException(
                $"The folder '{path}' holds nothing that can be read: {Seen(endings)}. Read are {string.Join("; ", kinds.Select(kind => $"{kind.Kind} ({string.Join(", ", kind.Endings)})"))}, and single files {string.Join(", ", Tables)}."),
            [("pictures", var of, _)] => new ImageFolder(path, FileTree.Of(path, of)),
            [("sounds", var of, _)] => new SoundFolder(path, FileTree.Of(path, of)),
            [(_, var of, _)] => new TextFiles(path, of),
            _ => throw new GenDslException($"The folder '{path}' holds {string.Join(" and ", found.Select(kind => $"{kind.Count} {kind.Kind}"))}. Put each kind into a folder of its own."),
        };
    }

    private static bool Is(string path, string[] endings) => endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static string Seen(List<KeyValuePair<string, int>> endings) => endings.Count == 0
        ? "it has no files"
        : "it has " + string.Join(", ", endings.OrderByDescending(ending => ending.Value).Take(4).Select(ending => $"{ending.Value} {(ending.Key.Length == 0 ? "without an ending" : ending.Key)}"));
}
