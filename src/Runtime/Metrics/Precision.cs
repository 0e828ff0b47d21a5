using System;
using System.Collections.Generic;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// How many of the words asked have a right answer among the k candidates that are nearest to their vectors: P@k of a dictionary, in which a word may have several
/// right answers (Mikolov et al. 2013, arXiv:1309.4168). Nearest is by cosine or, with neighbours, by CSLS.
/// </summary>
/// <remarks>A wrong candidate as near as the best right one stands before it, and an answer that is no candidate is never found.</remarks>
public sealed class Precision : IMetric
{
    private readonly long _at;
    private readonly long _neighbours;
    private readonly KeptRows _query = new(ScalarType.Float32);
    private readonly KeptRows _word = new(ScalarType.Int64);
    private readonly KeptRows _answer = new(ScalarType.Int64);
    private readonly KeptRows _among = new(ScalarType.Float32);
    private readonly KeptRows _names = new(ScalarType.Int64);
    private readonly KeptRows _all = new(ScalarType.Float32);

    /// <summary>Begins with no rows.</summary>
    /// <param name="at">How many candidates count, 1 or more.</param>
    /// <param name="neighbours">Of CSLS; 0 for the cosine alone.</param>
    public Precision(long at, long neighbours = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(at, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(neighbours);
        (_at, _neighbours) = (at, neighbours);
    }

    /// <inheritdoc/>
    /// <remarks>A share of the words asked, in [0, 1]. NaN without questions or candidates.</remarks>
    /// <exception cref="GenDslException">Vectors are not finite.</exception>
    public double Value
    {
        get
        {
            if (_query.Count == 0 || _among.Count == 0 || (_neighbours > 0 && _all.Count == 0))
            {
                return double.NaN;
            }

            using var frozen = no_grad();
            using var scope = NewDisposeScope();
            var (asked, right) = Questions();
            Tensor query = Unit(_query.All("The vectors asked").index_select(0, asked));
            Tensor among = Unit(_among.All("The vectors of the candidates"));
            Tensor penalty = _neighbours > 0 ? Neighbours.MeanCosine(among, Unit(_all.All("The vectors of all words")), _neighbours) / 2 : zeros(among.size(0));
            long first = 0;
            Tensor found = Neighbours.InParts(query, part =>
            {
                Tensor scores = part.mm(among.t()) - penalty;
                Tensor isRight = right.narrow(0, first, part.size(0));
                first += part.size(0);
                Tensor best = scores.masked_fill(isRight.logical_not(), double.NegativeInfinity).amax([1L], keepdim: true);
                Tensor before = scores.ge(best).logical_and(isRight.logical_not()).sum([1L]);
                return before.lt(_at).logical_and(isRight.any(1));
            });
            return found.to(ScalarType.Float64).mean().ToDouble();
        }
    }

    /// <summary>The figure of one batch by cosine: a new tensor, one number.</summary>
    /// <param name="query">Shape <c>[n, d]</c>.</param>
    /// <param name="word">Shape <c>[n]</c>.</param>
    /// <param name="answer">Shape <c>[n]</c>.</param>
    /// <param name="among">Shape <c>[m, d]</c>.</param>
    /// <param name="names">Shape <c>[m]</c>.</param>
    /// <param name="at">How many candidates count.</param>
    public static Tensor Of(Tensor query, Tensor word, Tensor answer, Tensor among, Tensor names, long at)
    {
        ArgumentNullException.ThrowIfNull(query);
        using var precision = new Precision(at);
        precision.Add(query, word, answer, among, names);
        return tensor(precision.Value, get_default_dtype(), query.device);
    }

    /// <summary>The figure of one batch by CSLS: a new tensor, one number.</summary>
    /// <param name="query">Shape <c>[n, d]</c>.</param>
    /// <param name="word">Shape <c>[n]</c>.</param>
    /// <param name="answer">Shape <c>[n]</c>.</param>
    /// <param name="among">Shape <c>[m, d]</c>.</param>
    /// <param name="names">Shape <c>[m]</c>.</param>
    /// <param name="all">Shape <c>[l, d]</c>.</param>
    /// <param name="at">How many candidates count.</param>
    /// <param name="neighbours">Of CSLS.</param>
    public static Tensor Of(Tensor query, Tensor word, Tensor answer, Tensor among, Tensor names, Tensor all, long at, long neighbours)
    {
        ArgumentNullException.ThrowIfNull(query);
        using var precision = new Precision(at, neighbours);
        precision.Add(query, word, answer, among, names, all);
        return tensor(precision.Value, get_default_dtype(), query.device);
    }

    /// <summary>Adds a batch of the vectors asked; the tensor stays the caller's.</summary>
    /// <param name="query">Shape <c>[n, d]</c>; those of one word are the same.</param>
    public void AddQuery(Tensor query) => _query.Add(query);

    /// <summary>Adds the words asked.</summary>
    /// <param name="word">Shape <c>[n]</c>, integers.</param>
    public void AddWord(Tensor word) => _word.Add(word);

    /// <summary>Adds a right answer to each.</summary>
    /// <param name="answer">Shape <c>[n]</c>, integers.</param>
    public void AddAnswer(Tensor answer) => _answer.Add(answer);

    /// <summary>Adds the vectors of candidates.</summary>
    /// <param name="among">Shape <c>[m, d]</c>.</param>
    public void AddAmong(Tensor among) => _among.Add(among);

    /// <summary>Adds what the candidates are.</summary>
    /// <param name="names">Shape <c>[m]</c>, integers.</param>
    public void AddNames(Tensor names) => _names.Add(names);

    /// <summary>Adds vectors on the side of those asked: the neighbours of CSLS.</summary>
    /// <param name="all">Shape <c>[l, d]</c>.</param>
    public void AddAll(Tensor all) => _all.Add(all);

    /// <summary>Adds a batch of all five.</summary>
    /// <param name="query">Shape <c>[n, d]</c>.</param>
    /// <param name="word">Shape <c>[n]</c>.</param>
    /// <param name="answer">Shape <c>[n]</c>.</param>
    /// <param name="among">Shape <c>[m, d]</c>.</param>
    /// <param name="names">Shape <c>[m]</c>.</param>
    public void Add(Tensor query, Tensor word, Tensor answer, Tensor among, Tensor names)
    {
        AddQuery(query);
        AddWord(word);
        AddAnswer(answer);
        AddAmong(among);
        AddNames(names);
    }

    /// <summary>Adds a batch of all six.</summary>
    /// <param name="query">Shape <c>[n, d]</c>.</param>
    /// <param name="word">Shape <c>[n]</c>.</param>
    /// <param name="answer">Shape <c>[n]</c>.</param>
    /// <param name="among">Shape <c>[m, d]</c>.</param>
    /// <param name="names">Shape <c>[m]</c>.</param>
    /// <param name="all">Shape <c>[l, d]</c>.</param>
    public void Add(Tensor query, Tensor word, Tensor answer, Tensor among, Tensor names, Tensor all)
    {
        Add(query, word, answer, among, names);
        AddAll(all);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var kept in (KeptRows[])[_query, _word, _answer, _among, _names, _all])
        {
            kept.Dispose();
        }
    }

    private static Tensor Unit(Tensor x) => nn.functional.normalize(x, 2, 1);

    // Each word once, by the row that it comes in first, and which candidates are right for it.
    private (Tensor Asked, Tensor Right) Questions()
    {
        long[] words = Numbers(_word), answers = Numbers(_answer), names = Numbers(_names);
        Dictionary<long, List<long>> candidates = [];
        for (var i = 0; i < names.Length; i++)
        {
            if (!candidates.TryGetValue(names[i], out var of))
            {
                candidates[names[i]] = of = [];
            }

            of.Add(i);
        }

        Dictionary<long, long> number = [];
        List<long> asked = [], rows = [], columns = [];
        for (var i = 0; i < words.Length; i++)
        {
            if (number.TryAdd(words[i], number.Count))
            {
                asked.Add(i);
            }

            foreach (var right in candidates.GetValueOrDefault(answers[i], []))
            {
                rows.Add(number[words[i]]);
                columns.Add(right);
            }
        }

        Tensor isRight = zeros([asked.Count, names.Length], ScalarType.Bool);
        if (rows.Count > 0)
        {
            isRight.index_put_(tensor(true), tensor(rows.ToArray()), tensor(columns.ToArray()));
        }

        return (tensor(asked.ToArray()), isRight);
    }

    private static long[] Numbers(KeptRows rows) => rows.All("The words").data<long>().ToArray();
}
