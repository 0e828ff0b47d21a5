using System;
using System.Collections.Generic;
using System.Linq;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data;

/// <summary>
/// Texts as pairs of words that stand near each other, with words of chance beside them: what skip-gram with negative sampling learns from
/// (Mikolov et al. 2013, arXiv:1310.4546).
/// </summary>
/// <remarks>
/// A frequent word is left out with probability 1 - sqrt(t / f), t = 1e-4; what is left closes up. Each word meets those up to r words away in its row, r uniform in
/// 1 .. window, by a fixed seed. Words of chance are drawn by their frequency to the power 3/4, five for each pair, and a step takes fives of them anew, so that no pair keeps its own. How likely
/// chance draws a word, in logs, stands beside the contexts and the words of chance: what a sampled softmax corrects by.
/// </remarks>
internal static class SkipGrams
{
    /// <summary>Words of chance beside each pair.</summary>
    public const int Negatives = 5;

    private const double Threshold = 1e-4;
    private const double Smoothing = 0.75;

    // What is no word: other words, and what fills a row up.
    private static readonly string[] NoWords = ["<unk>", "<pad>"];

    /// <summary>The pairs of a source whose first column of codes has texts for rows.</summary>
    public static Source Of(Source source, long window)
    {
        var text = source.Columns.FirstOrDefault(column => column.Kind == ElementKind.Code && column.Shape.Length == 1)
            ?? throw new GenDslException($"Source '{source.Name}' has no column of texts, one row of codes each: '@skip_gram={window}' makes pairs of words.");
        using var integers = text.Values.to(ScalarType.Int32, CPU).contiguous();
        int[] codes = [.. integers.data<int>()];
        int length = (int)text.Shape[0];
        var counts = new long[text.Count];
        foreach (int code in codes)
        {
            counts[code]++;
        }

        foreach (var code in Enumerable.Range(0, text.Vocabulary.Count).Where(code => NoWords.Contains(text.Vocabulary[code])))
        {
            counts[code] = 0;
        }

        double all = counts.Sum();
        if (all == 0)
        {
            throw new GenDslException($"Source '{source.Name}' has no known word: there are no pairs.");
        }

        double[] kept = [.. counts.Select(count => count == 0 ? 0 : Math.Min(1, Math.Sqrt(Threshold * all / count)))];
        var noise = new AliasTable([.. counts.Select(count => Math.Pow(count, Smoothing))]);
        ulong key = RowRandom.Key(0, "skip_gram"), noiseKey = RowRandom.Key(0, "noise");
        List<short> centres = [], contexts = [];
        List<int> row = [];
        if (text.Count > short.MaxValue)
        {
            throw new GenDslException($"Source '{source.Name}' has {text.Count} words, and '@skip_gram' takes at most {short.MaxValue}.");
        }

        for (int start = 0; start < codes.Length; start += length)
        {
            var random = new RowRandom(key, start / length);
            row.Clear();
            for (int i = start; i < start + length; i++)
            {
                if (kept[codes[i]] >= 1 || random.Unit() < kept[codes[i]])
                {
                    row.Add(codes[i]);
                }
            }

            for (int i = 0; i < row.Count; i++)
            {
                int reach = 1 + random.Below((int)Math.Min(window, length));
                for (int j = Math.Max(0, i - reach); j <= Math.Min(row.Count - 1, i + reach); j++)
                {
                    if (j != i)
                    {
                        centres.Add((short)row[i]);
                        contexts.Add((short)row[j]);
                    }
                }
            }
        }

        if (centres.Count == 0)
        {
            throw new GenDslException($"No two words of source '{source.Name}' stand in one row: there are no pairs.");
        }

        var drawn = new short[centres.Count * (long)Negatives];
        for (int pair = 0; pair < centres.Count; pair++)
        {
            var random = new RowRandom(noiseKey, pair);
            for (int i = 0; i < Negatives; i++)
            {
                drawn[((long)pair * Negatives) + i] = (short)noise.Next(ref random);
            }
        }

        var smoothed = counts.Sum(count => Math.Pow(count, Smoothing));
        float[] logs = [.. counts.Select(count => (float)Math.Log(Math.Pow(count, Smoothing) / smoothed))];
        Column Log(string name, Tensor codes, bool isOfChance = false) =>
            new(name, ElementKind.Real, 0, double.NegativeInfinity, 0, codes) { NumberOfCode = logs, IsOfChance = isOfChance };
        Column Of(string name, Tensor values, bool isOfChance = false) =>
            new(name, ElementKind.Code, text.Count, 0, text.Count - 1, values) { Vocabulary = text.Vocabulary, IsOfChance = isOfChance };
        Tensor context = tensor(contexts.ToArray()), chance = tensor(drawn).reshape(-1, Negatives);
        return new Source(source.Name,
        [
            Of("center", tensor(centres.ToArray())), Of("context", context), Of("noise", chance, isOfChance: true),
            Log("context_log_q", context.reshape(-1, 1)), Log("noise_log_q", chance.alias(), isOfChance: true),
        ]);
    }
}
