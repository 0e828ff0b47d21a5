using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Data;

/// <summary>Texts as pairs of words and words of chance: <c>@skip_gram=N</c> (systems.md 39).</summary>
public sealed class SkipGramTests
{
    private const int Words = 400;
    private const int Length = 12;
    private const int Rows = 4000;

    // The words of a row are neighbours in the vocabulary, so that a pair tells where it is from; word 0 is not known.
    private static Source Text()
    {
        var codes = new int[Rows * Length];
        for (int row = 0; row < Rows; row++)
        {
            int first = 1 + (row * row % (Words - Length));
            for (int i = 0; i < Length; i++)
            {
                codes[(row * Length) + i] = i == 5 && row % 3 == 0 ? 0 : first + i;
            }
        }

        return new Source("text", [new Column("text", ElementKind.Code, Words, 0, Words - 1, tensor(codes).reshape(Rows, Length)) { Vocabulary = ["<unk>", .. Enumerable.Range(1, Words - 1).Select(i => "w" + i)] }]);
    }

    private static Source Pairs(long window)
    {
        using Source text = Text();
        return DataViews.All.Single(view => view.Name == "skip_gram").Apply(text, window);
    }

    private static int[] Codes(Source source, int column)
    {
        using Tensor wide = source.Columns[column].Values.to(ScalarType.Int32);
        return wide.data<int>().ToArray();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void APair_IsOfOneRow_AndWithinTheWindow_AndNeverOfAnUnknownWord(int window)
    {
        using Source pairs = Pairs(window);
        Assert.Equal(["center", "context", "noise", "context_log_q", "noise_log_q"], pairs.Columns.Select(column => column.Name));
        (int[] centres, int[] contexts) = (Codes(pairs, 0), Codes(pairs, 1));
        Assert.True(centres.Length > 3000);

        // Words of a row that were left out close up, so that what is apart by more than the window in the text may be a pair, but none of another row.
        Assert.All(centres.Zip(contexts), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 1, Length - 1));
        Assert.DoesNotContain(0, centres);
        Assert.DoesNotContain(0, contexts);
        Assert.DoesNotContain(0, Codes(pairs, 2));
    }

    [Fact]
    public void WordsOfChance_ComeByTheirFrequencyToTheThreeQuarters_AndFrequentOnesAreThinned()
    {
        using Source text = Text();
        long[] counts = new long[Words];
        foreach (int code in Codes(text, 0))
        {
            counts[code]++;
        }

        counts[0] = 0;
        double all = counts.Sum(), smoothed = counts.Sum(count => Math.Pow(count, 0.75));
        using Source pairs = Pairs(4);
        int[] noise = Codes(pairs, 2), centres = Codes(pairs, 0);
        double[] share = [.. Enumerable.Range(0, Words).Select(word => noise.Count(code => code == word) / (double)noise.Length)];
        for (int word = 0; word < Words; word++)
        {
            double wanted = Math.Pow(counts[word], 0.75) / smoothed;
            Assert.InRange(share[word], wanted - (5 * Math.Sqrt(wanted / noise.Length)) - 1e-9, wanted + (5 * Math.Sqrt(wanted / noise.Length)) + 1e-9);
        }

        // A word stays with probability sqrt(1e-4 / f): of one that is four times as frequent twice as many are left.
        int[] rare = [.. Enumerable.Range(1, Words - 1).Where(word => counts[word] > 0).OrderBy(word => counts[word]).Take(40)];
        int[] frequent = [.. Enumerable.Range(1, Words - 1).OrderByDescending(word => counts[word]).Take(40)];
        double Left(int[] words) => words.Sum(word => centres.Count(code => code == word)) / (double)words.Sum(word => counts[word]);
        double Wanted(int[] words) => words.Sum(word => counts[word] * Math.Sqrt(1e-4 * all / counts[word])) / words.Sum(word => counts[word]);
        Assert.InRange(Left(frequent) / Left(rare) / (Wanted(frequent) / Wanted(rare)), 0.7, 1.4);
    }

    [Fact]
    public void WhatFillsARowUp_IsNoWord()
    {
        const int Count = 1000;
        int[] codes = [.. Enumerable.Range(0, Count).SelectMany(row => new[] { 2 + (2 * row), 3 + (2 * row), 0, 1, 0 })];
        using Source text = new("text", [new Column("text", ElementKind.Code, 2 + (2 * Count), 0, 1 + (2 * Count), tensor(codes).reshape(Count, 5)) { Vocabulary = ["<pad>", "<unk>", .. Enumerable.Range(0, 2 * Count).Select(i => "w" + i)] }]);
        using Source pairs = DataViews.All.Single(view => view.Name == "skip_gram").Apply(text, 4);
        Assert.All(Enumerable.Range(0, 3).SelectMany(column => Codes(pairs, column)), code => Assert.True(code > 1));
        Assert.All(Codes(pairs, 0).Zip(Codes(pairs, 1)), pair => Assert.Equal(1, Math.Abs(pair.First - pair.Second)));
    }

    [Fact]
    public void ThePairsAreTheSameEachTime_AndOtherDataIsSaid()
    {
        using Source once = Pairs(3);
        using Source again = Pairs(3);
        Assert.True(once.Columns[2].Values.equal(again.Columns[2].Values).all().item<bool>());
        Assert.Contains("has no column of texts", Assert.Throws<GenDslException>(() => DataSets.Open("moons@skip_gram=3")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WordsOfChance_AreOthersInEachStep_AndTheSameWhereAStepIsDoneAgain()
    {
        using Source pairs = Pairs(3);
        var space = new SpaceInfo("Noise", ElementKind.Code, Words, [5], 0, Words - 1);
        using var noise = pairs.Columns[2].As(space);
        using var contexts = pairs.Columns[1].As(space with { Shape = [] });
        using Tensor rows = arange(1000);
        Draws At(long step) => Draws.Root(1, CPU).At(step);
        using Tensor first = noise.Gather(rows, At(0)), again = noise.Gather(rows, At(0)), second = noise.Gather(rows, At(1));
        Assert.True((first == again).all().item<bool>());
        using Tensor repeated = (first == second).to(ScalarType.Float32).mean();
        Assert.InRange(repeated.item<float>(), 0, 0.1f);

        // As likely as in the column: a row of the batch meets no words more often than another one does.
        int[] all = Codes(pairs, 2);
        using Tensor wide = noise.Gather(zeros(20_000, ScalarType.Int64), At(2));
        long[] drawn = wide.data<long>().ToArray();
        foreach (int word in all.Distinct().OrderByDescending(word => all.Count(code => code == word)).Take(5))
        {
            double share = all.Count(code => code == word) / (double)all.Length;
            Assert.InRange(drawn.Count(code => code == word) / (double)drawn.Length, share - (5 * Math.Sqrt(share / drawn.Length)), share + (5 * Math.Sqrt(share / drawn.Length)));
        }

        using Tensor kept = contexts.Gather(rows, At(0)), keptAgain = contexts.Gather(rows, At(1));
        Assert.True((kept == keptAgain).all().item<bool>());
    }

    [Fact]
    public void HowLikelyChanceDrawsAWord_StandsBesideThatWord()
    {
        using Source text = Text();
        long[] counts = new long[Words];
        foreach (int code in Codes(text, 0).Where(code => code > 0))
        {
            counts[code]++;
        }

        double smoothed = counts.Sum(count => Math.Pow(count, 0.75));
        using Source pairs = Pairs(3);
        using var feed = new Feed("pairs", pairs, 32, Draws.Root(2, CPU), [
            new("context", new SpaceInfo("Word", ElementKind.Code, Words, [], 0, Words - 1)), new("noise", new SpaceInfo("Noise", ElementKind.Code, Words, [5], 0, Words - 1)),
            new("context_log_q", new SpaceInfo("LogRate", ElementKind.Real, 0, [1], double.NegativeInfinity, double.PositiveInfinity)),
            new("noise_log_q", new SpaceInfo("LogRates", ElementKind.Real, 0, [5], double.NegativeInfinity, double.PositiveInfinity))]);
        for (int step = 0; step < 3; step++)
        {
            feed.Pull();
            using Tensor context = feed.Gather(0), noise = feed.Gather(1), contextLogs = feed.Gather(2), noiseLogs = feed.Gather(3);
            Assert.Equal([32, 1], contextLogs.shape);
            foreach ((Tensor codes, Tensor logs) in new[] { (context, contextLogs), (noise, noiseLogs) })
            {
                Assert.Equal(codes.numel(), logs.numel());
                Assert.All(codes.data<long>().ToArray().Zip(logs.data<float>().ToArray()), pair => Assert.Equal(Math.Log(Math.Pow(counts[pair.First], 0.75) / smoothed), pair.Second, 1e-4));
            }
        }
    }

    // As all columns, it takes the shape of its space, and stays in its range.
    [Fact]
    public void ANumberOfAWord_IsReadAsItsSpaceHasIt()
    {
        using Source pairs = Pairs(3);
        SpaceInfo Of(double low, params long[] shape) => new("Logs", ElementKind.Real, 0, shape, low, double.PositiveInfinity);
        using Tensor rows = arange(4);
        using Tensor single = pairs.Columns[3].As(Of(double.NegativeInfinity)).Gather(rows, Draws.Root(1, CPU));
        using Tensor wide = pairs.Columns[4].As(Of(double.NegativeInfinity, 1, 5)).Gather(rows, Draws.Root(1, CPU));
        Assert.Equal([4], single.shape);
        Assert.Equal([4, 1, 5], wide.shape);
        Assert.Contains("is outside [-1,", Assert.Throws<GenDslException>(() => pairs.Columns[3].As(Of(-1, 1))).Message, StringComparison.Ordinal);
    }
}
