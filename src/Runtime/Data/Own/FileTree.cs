using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace GenDsl.Runtime.Data.Own;

/// <summary>
/// The files of a folder. Sub-folders named <c>train</c>, <c>validation</c> (or <c>val</c>, <c>valid</c>) and <c>test</c> are its splits, and the sub-folders in
/// which all files lie their labels. Where there is no <c>train</c>, a twelfth of the files is held out for tests and one for validation. Which ones,
/// and the order of rows, is decided by their paths: a file that is added moves few others.
/// </summary>
internal sealed class FileTree
{
    private static readonly (string Split, string[] Folders)[] Parts = [("train", ["train"]), ("test", ["test"]), ("validation", ["validation", "val", "valid"])];

    private readonly string _root;
    private readonly Dictionary<string, List<string>> _bySplit;

    private FileTree(string root, Dictionary<string, List<string>> bySplit, IReadOnlyList<string> labels)
    {
        _root = root;
        _bySplit = bySplit;
        Labels = labels;
    }

    /// <summary>The splits, the default first.</summary>
    public IReadOnlyList<string> Splits => [.. _bySplit.Keys];

    /// <summary>The names of the sub-folders in which all files lie, in order; empty where there are not at least two.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>All files below a folder, without hidden ones.</summary>
    public static IEnumerable<string> Files(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true })];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GenDslException($"The folder '{folder}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Lists the files of a folder that have one of some endings.</summary>
    public static FileTree Of(string root, string[] endings)
    {
        var files = Files(root).Where(file => endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/')).OrderBy(Key).ThenBy(file => file, StringComparer.Ordinal).ToList();
        var parts = Parts.ToDictionary(part => part.Split, part => files.Where(file => part.Folders.Contains(First(file))).ToList());
        var bySplit = parts["train"].Count > 0 ? Given(parts) : HeldOut(files);
        List<string?> labels = [.. bySplit.Values.SelectMany(rows => rows).Distinct().Select(file => LabelOf(file, parts["train"].Count > 0)).Distinct()];
        return new FileTree(root, bySplit, labels.Count > 1 && !labels.Contains(null) ? [.. labels.Select(label => label!).Order(StringComparer.Ordinal)] : []);
    }

    /// <summary>The files of a split, in order, each with the number of its label; 0 where there are none.</summary>
    /// <exception cref="GenDslException">The split is empty.</exception>
    public IReadOnlyList<(string Path, int Label)> Rows(string split)
    {
        var isGiven = !_bySplit.ContainsKey("all");
        var rows = _bySplit[split];
        return rows.Count > 0
            ? [.. rows.Select(file => (Path.Combine([_root, .. file.Split('/')]), Labels.Count == 0 ? 0 : Labels.ToList().IndexOf(LabelOf(file, isGiven)!)))]
            : throw new GenDslException($"The folder '{_root}' has {_bySplit.Values.Max(all => all.Count)} files, too few to hold some out for each split: '{split}' is empty. Read all of them with '{_root}:all'.");
    }

    private static Dictionary<string, List<string>> Given(Dictionary<string, List<string>> parts)
    {
        var (train, test, validation) = (parts["train"], parts["test"], parts["validation"]);
        if (validation.Count == 0)
        {
            var held = train.Count / 12;
            (train, validation) = (train[held..], train[..held]);
        }

        Dictionary<string, List<string>> splits = new() { ["train"] = train };
        if (test.Count > 0)
        {
            splits["test"] = test;
        }

        if (validation.Count > 0)
        {
            splits["validation"] = validation;
        }

        splits["trainall"] = [.. train, .. validation];
        return splits;
    }

    private static Dictionary<string, List<string>> HeldOut(List<string> files)
    {
        var held = files.Count < 3 ? 0 : Math.Max(1, files.Count / 12);
        return new() { ["train"] = files[(2 * held)..], ["test"] = files[..held], ["validation"] = files[held..(2 * held)], ["trainall"] = files[held..], ["all"] = files };
    }

    private static string First(string file) => file.IndexOf('/') is var end and > 0 ? file[..end] : "";

    // The first folder below the folder of the split.
    private static string? LabelOf(string file, bool isInPart)
    {
        var folders = file.Split('/')[(isInPart ? 1 : 0)..^1];
        return folders.Length > 0 ? folders[0] : null;
    }

    private static ulong Key(string file) => RowRandom.Key(0, file);
}
