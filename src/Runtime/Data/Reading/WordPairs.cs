using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GenDsl.Runtime.Data.Files;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Reading;

/// <summary>English words and their Spanish translations, a row for each pair, by the words of <see cref="SentencePairs"/>.</summary>
internal sealed class WordPairs() : DataSet(new DataSetInfo(
    "en-es-dictionary",
    "3,512 pairs of words; columns english, spanish (5,000 codes each, those of en-es). Splits are by the English word",
    "Apache-2.0; its definitions CC BY-SA",
    ["train", "test", "validation", "trainall"],
    [],
    false))
{
    protected override Source Read(DataRequest request)
    {
        var (_, english, spanish) = SentencePairs.Read(request.Path(KnownFiles.EnglishSpanish));
        var path = request.Path(KnownFiles.EnglishSpanishDictionary);
        List<(int English, int Spanish)> rows = [];
        var all = 0;
        foreach (var text in PackedFile.Text(path).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            all++;
            if (text.TrimEnd('\r').Split('\t') is not [var word, var translation])
            {
                throw new GenDslException($"'{path}', line {all} is '{text}', expected an English word, a tab, a Spanish word.");
            }

            // A word goes to one split with all its translations.
            if (english.Has(word) && spanish.Has(translation))
            {
                rows.Add((english.Code(word), spanish.Code(translation)));
            }
        }

        request.Options.Progress?.Invoke(string.Create(
            CultureInfo.InvariantCulture,
            $"{all - rows.Count:N0} of the {all:N0} pairs of the dictionary are left out: a word of theirs is none of the {english.Count:N0} of en-es."));
        rows = [.. rows.Distinct().Where(row => IsIn(request.Split, Part(english.Entries[row.English])))];
        return new Source(request.Name, [Side("english", english, rows.Select(row => row.English)), Side("spanish", spanish, rows.Select(row => row.Spanish))]);
    }

    private static int Part(string word) => new RowRandom(RowRandom.Key(0, "en-es-dictionary"), (long)RowRandom.Key(0, word)).Below(12);

    private static bool IsIn(string split, int part) => split switch
    {
        "test" => part < 3,
        "validation" => part == 3,
        "train" => part > 3,
        _ => part > 2,
    };

    private static Column Side(string name, WordVocabulary vocabulary, IEnumerable<int> codes) =>
        new(name, ElementKind.Code, vocabulary.Count, tensor(codes.ToArray())) { Vocabulary = vocabulary.Entries };
}
