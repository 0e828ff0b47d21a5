using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using GenDsl.Benchmarks.Measuring;
using GenDsl.Models.Word2vec;
using GenDsl.Runtime;
using static TorchSharp.torch;

namespace GenDsl.Benchmarks.Words;

/// <summary>Words per second of word2vec.gen, five words of chance beside each pair, and of a softmax over all words: blocks in turn, in one process, on one thread.</summary>
internal static class WordsCommand
{
    private const int Words = 10_000;
    private const int Dim = 100;
    private const int Batch = 512;
    private const int BlockSteps = 20;

    // A word stands in the middle of six pairs on average in a window of 5: its reach is uniform in 1 .. 5, on both sides.
    private const double PairsPerWord = 6;

    public static void Run(Arguments arguments)
    {
        var rounds = arguments.Number("rounds", 9);
        TorchRuntime.Initialize();
        TorchRuntime.Threads = 1;
        var load = Machine.Load();
        using var pairs = Zipf("pairs", 200_000);
        using var noise = Zipf("noise", 200_000 * 5).reshape(-1, 5);
        using var trainer = new Word2VecTrainer(new() { Seed = 1, Batch = Batch, Dim = Dim, V = Words, ReportEvery = BlockSteps });
        Column Of(string name, Tensor values) => new(name, ElementKind.Code, Words, 0, Words - 1, values);
        var data = new Word2VecTrainer.Data(new Source("pairs", [Of("center", pairs.clone()), Of("context", pairs.flip(0)), Of("noise", noise.clone())]));
        var generated = new GeneratedContestant<Word2VecTrainer.Report>(trainer.Fit(data, RunLength.Steps(1_000_000)), report => [report.InOut]);
        var dense = new DenseSkipGram(Words, Dim);
        void Dense()
        {
            for (var step = 0; step < BlockSteps; step++)
            {
                using var center = pairs.narrow(0, step * Batch, Batch);
                using var context = pairs.narrow(0, (step + BlockSteps) * Batch, Batch);
                dense.Step(center, context);
            }

            dense.ReadMeanLoss();
        }

        double Rate(Action block)
        {
            var watch = Stopwatch.StartNew();
            block();
            return BlockSteps * Batch / PairsPerWord / watch.Elapsed.TotalSeconds;
        }

        generated.RunBlock();
        generated.RunBlock();
        Dense();
        List<(double Generated, double Dense)> found = [];
        for (var round = 0; round < rounds; round++)
        {
            found.Add((Rate(() => generated.RunBlock()), Rate(Dense)));
        }

        var ratio = Statistics.MedianInterval([[.. found.Select(pair => pair.Generated / pair.Dense)]]);
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Machine.Describe()}, one thread, load {load:F2} at the start"));
        Console.Out.WriteLine();
        Console.Out.WriteLine("| | words/s | ratio |");
        Console.Out.WriteLine("| --- | --- | --- |");
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| word2vec.gen, 5 words of chance | {Statistics.Median(found.Select(pair => pair.Generated)):N0} | {ratio} |"));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| softmax over all words | {Statistics.Median(found.Select(pair => pair.Dense)):N0} | |"));
        Console.Out.WriteLine();
        Console.Out.WriteLine($"{Words:N0} words, vectors of {Dim}, {Batch} pairs a step, {PairsPerWord:N0} pairs a word; Adam over both tables in both. Median of {rounds} blocks of {BlockSteps} steps.");
    }

    // Words by Zipf's law, int64.
    private static Tensor Zipf(string name, int count)
    {
        using var places = Draws.Root(3, CPU).At(name).Uniform(0, Math.Log(Words), count);
        using var ranks = places.exp();
        return ranks.to(ScalarType.Int64).clamp(0, Words - 1);
    }
}
