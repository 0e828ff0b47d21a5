using System;
using System.Collections.Generic;
using System.Linq;

namespace GenDsl.Runtime.Data.Reading;

/// <summary>Codes for the most frequent words; the given special entries come first, and the last of them stands for every other word.</summary>
internal sealed class WordVocabulary
{
    private readonly Dictionary<string, int> _codes = [];
    private readonly int _unknown;

    public WordVocabulary(IEnumerable<string> words, int most, string[] special)
    {
        Dictionary<string, int> counts = [];
        foreach (var word in words)
        {
            counts[word] = counts.GetValueOrDefault(word) + 1;
        }

        _unknown = special.Length - 1;
        Entries =
        [
            .. special,
            .. counts.Where(pair => !special.Contains(pair.Key)).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
                .Take(most - special.Length).Select(pair => pair.Key),
        ];
        for (var code = 0; code < Entries.Count; code++)
        {
            _codes[Entries[code]] = code;
        }
    }

    public IReadOnlyList<string> Entries { get; }

    public int Count => Entries.Count;

    public bool Has(string word) => _codes.ContainsKey(word);

    public int Code(string word) => _codes.GetValueOrDefault(word, _unknown);
}
