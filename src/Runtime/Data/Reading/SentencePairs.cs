using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime.Data.Files;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Reading;

/// <summary>English sentences and their Spanish translations of at most so many words, filled up with <c>&lt;pad&gt;</c> (code 0).</summary>
internal sealed class SentencePairs() : DataSet(new DataSetInfo(
    "en-es",
    "118,121 sentence pairs; columns english, spanish (5,000 codes each, 12 words, @LENGTH for others)",
    "CC BY 2.0 FR",
    ["train", "test", "validation", "trainall"],
    LengthViews,
    false))
{
    private const int Vocabulary = 5000;

    protected override Source Read(DataRequest request)
    {
        var length = request.Length ?? 12;
        var (pairs, english, spanish) = Read(request.Path(KnownFiles.EnglishSpanish));
        pairs = [.. pairs.Where(pair => pair.English.Length <= length && pair.Spanish.Length <= length && IsIn(request.Split, pair.Part))];
        return new Source(
            request.Name,
            [
                Side("english", english, pairs.Select(pair => pair.English), length),
                Side("spanish", spanish, pairs.Select(pair => pair.Spanish), length),
            ]);
    }

    /// <summary>All sentences, with the part that each was dealt to, and the words of both languages.</summary>
    public static (List<(string[] English, string[] Spanish, int Part)> Pairs, WordVocabulary English, WordVocabulary Spanish) Read(string path)
    {
        List<(string[] English, string[] Spanish, int Part)> pairs = [];
        var key = RowRandom.Key(0, "en-es");
        var line = 0;
        foreach (var text in PackedFile.Text(path).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = text.Split('\t');
            if (fields.Length < 2)
            {
                throw new GenDslException($"'{path}', line {line + 1} has {fields.Length} field, expected English, a tab, Spanish.");
            }

            // The file is sorted by length, so rows are dealt out by their number, not cut.
            pairs.Add(([.. Words.Of(fields[0])], [.. Words.Of(fields[1])], new RowRandom(key, line).Below(12)));
            line++;
        }

        WordVocabulary Of(IEnumerable<string> words) => new(words, Vocabulary, ["<pad>", "<unk>"]);
        return (pairs, Of(pairs.SelectMany(pair => pair.English)), Of(pairs.SelectMany(pair => pair.Spanish)));
    }

    private static bool IsIn(string split, int part) => split switch
    {
        "test" => part == 0,
        "validation" => part == 1,
        "train" => part > 1,
        _ => part > 0,
    };

    private static Column Side(string name, WordVocabulary vocabulary, IEnumerable<string[]> sentences, int length)
    {
        int[] codes = [.. sentences.SelectMany(words => words.Select(vocabulary.Code).Concat(Enumerable.Repeat(0, length - words.Length)))];
        return new Column(name, ElementKind.Code, vocabulary.Count, tensor(codes, [codes.Length / length, length], ScalarType.Int32))
        {
            Vocabulary = vocabulary.Entries,
        };
    }
}
