using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Cli.Runs;

/// <summary>The learned vectors of named things, words or classes, and what stands near what by cosine.</summary>
internal sealed class WordTable : IDisposable
{
    private readonly IReadOnlyList<string> _words;
    private readonly Dictionary<string, int> _places;
    private readonly Tensor _directions;

    private WordTable(string name, IReadOnlyList<string> words, Tensor vectors)
    {
        (Name, _words) = (name, words);
        _places = words.Select((word, place) => (word, place)).DistinctBy(entry => entry.word).ToDictionary(entry => entry.word, entry => entry.place, StringComparer.Ordinal);
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        _directions = nn.functional.normalize(vectors.detach().to(ScalarType.Float32, CPU), 2, 1).DetachFromDisposeScope();
    }

    /// <summary>The tensor that it is, such as <c>In.embed1.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The embedding of a trainer that has a row for each word.</summary>
    /// <param name="trainer">A trained one.</param>
    /// <param name="vocabularies">The words of its data.</param>
    /// <param name="net">The net whose embedding is meant; null for the first one.</param>
    /// <exception cref="GenDslException">There is none.</exception>
    public static WordTable Of(ITrainer trainer, IEnumerable<IReadOnlyList<string>> vocabularies, string? net)
    {
        if (net is not null && trainer.Nets.All(n => n.Name != net))
        {
            throw new GenDslException($"There is no net '{net}'. There are: {string.Join(", ", trainer.Nets.Select(n => n.Name))}.");
        }

        IReadOnlyList<string>[] known = [.. vocabularies.Where(words => words.Count > 0)];
        foreach (var item in trainer.State.Where(item => item.Role == StateRole.Gain && (net is null || item.Path.StartsWith(net + ".", StringComparison.Ordinal))))
        {
            if (item.Tensor.dim() == 2 && known.FirstOrDefault(words => words.Count == item.Tensor.size(0)) is { } words)
            {
                return new WordTable(item.Path, words, item.Tensor);
            }
        }

        throw new GenDslException(known.Length == 0
            ? "The data of this run has no words: its columns are numbers without names."
            : $"{(net is null ? "No net" : $"'{net}'")} has {(net is null ? "an" : "no")} embedding with a row for each of {string.Join(" or ", known.Select(words => words.Count).Distinct())} words.");
    }

    /// <summary>What is nearest to a word, or to a sum such as <c>king-man+woman</c>, without the words that are asked.</summary>
    /// <exception cref="GenDslException">A word is not known.</exception>
    public IReadOnlyList<(string Word, double Cosine)> Nearest(string asked, int count)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        Tensor sum = zeros(_directions.size(1));
        HashSet<int> places = [];
        foreach (var (word, sign) in Terms(asked))
        {
            var place = PlaceOf(word);
            places.Add(place);
            sum = sum + (sign * _directions[place]);
        }

        Tensor cosines = _directions.mv(nn.functional.normalize(sum.unsqueeze(0), 2, 1).squeeze(0));
        var (values, order) = cosines.topk((int)Math.Min(count + places.Count, _words.Count));
        return [.. order.data<long>().ToArray().Zip(values.data<float>().ToArray()).Where(near => !places.Contains((int)near.First)).Take(count).Select(near => (_words[(int)near.First], (double)near.Second))];
    }

    /// <inheritdoc/>
    public void Dispose() => _directions.Dispose();

    private static IEnumerable<(string Word, int Sign)> Terms(string asked)
    {
        var start = 0;
        var sign = 1;
        for (var i = 0; i <= asked.Length; i++)
        {
            if (i == asked.Length || asked[i] is '+' or '-')
            {
                if (asked[start..i].Trim() is { Length: > 0 } word)
                {
                    yield return (word, sign);
                }

                sign = i < asked.Length && asked[i] == '-' ? -1 : 1;
                start = i + 1;
            }
        }
    }

    private int PlaceOf(string word) => _places.TryGetValue(word, out var place) || _places.TryGetValue(word.ToLowerInvariant(), out place)
        ? place
        : throw new GenDslException($"'{word}' is none of the {_words.Count} words.{Meant.Of(word, _words)}");
}
