using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data;

/// <summary>The views that every data set has.</summary>
public static class DataViews
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<DataView> All { get; } =
    [
        new("first", "the first N rows", true, (source, count) => source.Slice(0, count)) { IsSubset = true },
        new("half", "the first half of the rows (1) or the second (2): two sources of one set without a row in common", true, Half) { IsSubset = true },
        new("each", "the first N rows of each class, in the order of the rows", true, FirstOfEach) { IsSubset = true },
        new("grey", "pictures in grey: 0.299 red + 0.587 green + 0.114 blue", false, (source, _) => Channels.Grey(source)),
        new("color", "grey pictures with three channels", false, (source, _) => Channels.Color(source)),
        new("column", "column N alone, from 1", true, ColumnAlone),
        new("words", "the words that a text may be made of, a row each: column word", false, (source, _) => WordsOf(source)),
        new("skip_gram", "pairs of words of a text that are up to N words apart, and words of chance: columns center, context, noise (5), and how likely chance draws them, context_log_q and noise_log_q", true, SkipGrams.Of),
    ];

    /// <summary>The view that a part of a specification names, with its number; null where it is none of them.</summary>
    /// <exception cref="GenDslException">Its number is missing, or it takes none.</exception>
    internal static (DataView View, long Number)? Find(string part, IEnumerable<DataView> views)
    {
        var equals = part.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? part : part[..equals];
        if (views.FirstOrDefault(view => view.Name == name) is not { } found)
        {
            return null;
        }

        if (!found.TakesNumber)
        {
            return equals < 0 ? (found, 0) : throw new GenDslException($"The view '@{name}' takes no number, but it is '@{part}'.");
        }

        return equals >= 0 && long.TryParse(part[(equals + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? (found, number)
            : throw new GenDslException($"The view '@{name}' takes a whole number, 1 or more, as in '@{name}=100', but it is '@{part}'.");
    }

    private static Source Half(Source source, long number)
    {
        var first = (source.Rows + 1) / 2;
        return number switch
        {
            1 => source.Slice(0, first),
            2 => source.Slice(first, source.Rows - first),
            _ => throw new GenDslException(string.Create(CultureInfo.InvariantCulture, $"The view '@half' is '@half=1' or '@half=2', the first or the second half of the rows, but it is '@half={number}'.")),
        };
    }

    private static Source ColumnAlone(Source source, long number) => number <= source.Columns.Count
        ? new Source(source.Name, [source.Columns[(int)number - 1].Slice(0, source.Rows)])
        : throw new GenDslException($"Source '{source.Name}' has {source.Columns.Count} column{(source.Columns.Count == 1 ? "" : "s")} ({string.Join(", ", source.Columns.Select(column => column.Name))}): there is no '@column={number}'.");

    // What stands for other words, or fills a row up, is none.
    private static Source WordsOf(Source source)
    {
        var text = source.Columns.FirstOrDefault(column => column.Kind == ElementKind.Code && column.Vocabulary.Count > 0)
            ?? throw new GenDslException($"Source '{source.Name}' has no column of words: '@words' has a row for each word of one.");
        int[] codes = [.. Enumerable.Range(0, text.Vocabulary.Count).Where(code => !text.Vocabulary[code].StartsWith('<'))];
        return new Source(source.Name, [new Column("word", ElementKind.Code, text.Count, tensor(codes)) { Vocabulary = text.Vocabulary }]);
    }

    private static Source FirstOfEach(Source source, long count)
    {
        var labels = source.Columns.FirstOrDefault(column => column.Kind == ElementKind.Class && column.Shape.Length == 0)
            ?? throw new GenDslException($"Source '{source.Name}' has no column of classes: '@each={count}' takes so many rows of each class.");
        using var integers = labels.Values.to(ScalarType.Int64, CPU);
        var classes = integers.data<long>().ToArray();
        var taken = new long[labels.Count];
        List<long> rows = [];
        for (var row = 0; row < classes.Length; row++)
        {
            if (taken[classes[row]]++ < count)
            {
                rows.Add(row);
            }
        }

        return taken.FirstOrDefault(of => of is > 0 && of < count, count) is var few && few < count
            ? throw new GenDslException($"Source '{source.Name}' has only {few} rows of some class, but '@each={count}' takes {count}. Ask for fewer.")
            : source.Take([.. rows]);
    }
}
