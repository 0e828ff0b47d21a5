using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using GenDsl.Runtime.Data;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Data;

public sealed class RealDataTests
{
    [RealDataFact]
    public void Mnist_has_its_splits()
    {
        using var train = DataSets.Open("mnist", RealData.Options);
        using var validation = DataSets.Open("mnist:validation", RealData.Options);
        using var all = DataSets.Open("mnist:trainall", RealData.Options);
        using var test = DataSets.Open("mnist:test", RealData.Options);

        Assert.Equal((55_000, 5_000, 60_000, 10_000), (train.Rows, validation.Rows, all.Rows, test.Rows));
        Assert.Equal([5f, 0f, 4f, 1f, 9f], TestColumns.Gather(train.Bind(new ColumnBinding("label", TestSpaces.Class(10))), 0, 1, 2, 3, 4));
        var binding = new ColumnBinding("image", TestSpaces.Real(0, 1, 1, 28, 28));
        Assert.Equal(TestColumns.Gather(all.Bind(binding), 55_001), TestColumns.Gather(validation.Bind(binding), 1));

        // The mean that every tutorial normalises by.
        Assert.Equal(0.1307, Mean(all.Columns[0]) / 255, 0.0001);
    }

    [RealDataFact]
    public void Binarised_mnist_has_the_mean_of_the_grey_images_and_the_same_bits_in_every_split()
    {
        using var validation = DataSets.Open("mnist:validation", RealData.Options);
        using var all = DataSets.Open("mnist:trainall", RealData.Options);
        var binding = new ColumnBinding("image", TestSpaces.Bits(1, 28, 28));
        long[] rows = [.. Enumerable.Range(0, 5_000).Select(row => (long)row)];

        var bits = TestColumns.Gather(validation.Bind(binding), rows);
        Assert.Equal(Mean(validation.Columns[0]) / 255, bits.Average(), 0.001);
        Assert.Equal(TestColumns.Gather(all.Bind(binding), [.. rows.Select(row => row + 55_000)]), bits);
    }

    [RealDataFact]
    public void The_dictionary_has_words_of_the_sentences_and_a_word_in_one_split_alone()
    {
        List<string> told = [];
        using var train = DataSets.Open("en-es-dictionary", RealData.Options with { Progress = told.Add });
        using var test = DataSets.Open("en-es-dictionary:test", RealData.Options);
        using var validation = DataSets.Open("en-es-dictionary:validation", RealData.Options);
        using var sentences = DataSets.Open("en-es@first=10", RealData.Options);
        Assert.Equal(sentences.Columns[0].Vocabulary, train.Columns[0].Vocabulary);
        Assert.Equal(sentences.Columns[1].Vocabulary, train.Columns[1].Vocabulary);
        Assert.Contains(told, line => line.Contains("of the 34,948 pairs of the dictionary are left out", StringComparison.Ordinal));
        (string English, string Spanish)[] Pairs(Source source)
        {
            using Tensor english = source.Columns[0].Values.to(ScalarType.Int64), spanish = source.Columns[1].Values.to(ScalarType.Int64);
            return [.. english.data<long>().ToArray().Zip(spanish.data<long>().ToArray(), (e, s) => (source.Columns[0].Vocabulary[(int)e], source.Columns[1].Vocabulary[(int)s]))];
        }

        string[][] words = [.. new[] { train, test, validation }.Select(source => Pairs(source).Select(pair => pair.English).Distinct().ToArray())];
        Assert.Equal(words.Sum(of => of.Length), words.SelectMany(of => of).Distinct().Count());
        Assert.Contains(("house", "casa"), Pairs(train).Concat(Pairs(test)).Concat(Pairs(validation)));
        Assert.InRange(test.Rows / (double)(test.Rows + train.Rows + validation.Rows), 0.2, 0.3);

        // All words of a side, each once, without what stands for others; and a side alone.
        using var spanishWords = DataSets.Open("en-es@column=2@words", RealData.Options);
        using Tensor codes = spanishWords.Columns[0].Values.to(ScalarType.Int64);
        Assert.Equal(Enumerable.Range(2, 4998).Select(code => (long)code), codes.data<long>().ToArray());
        Assert.Equal(sentences.Columns[1].Vocabulary, spanishWords.Columns[0].Vocabulary);
        Assert.Contains("'@column=3'", Assert.Throws<GenDslException>(() => DataSets.Open("en-es@column=3", RealData.Options)).Message, StringComparison.Ordinal);
        Assert.Contains("no column of words", Assert.Throws<GenDslException>(() => DataSets.Open("moons@words")).Message, StringComparison.Ordinal);
    }

    [RealDataFact]
    public void Every_real_set_opens_in_every_split()
    {
        foreach (var set in DataSets.All.Where(set => !set.IsProcedural))
        {
            foreach (var split in set.Splits)
            {
                using var source = DataSets.Open($"{set.Name}:{split}", RealData.Options);
                Assert.All(source.Columns, column => Assert.Equal(source.Rows, column.Rows));
                foreach (var column in source.Columns)
                {
                    var space = new SpaceInfo("Declared", column.Kind, column.Count, column.Shape, column.Low, column.High);
                    Assert.Equal(source.Rows, column.As(space).Rows);
                }
            }
        }
    }

    [RealDataFact]
    public void Cifar_and_digits_have_their_published_counts_and_layout()
    {
        using var cifar = DataSets.Open("cifar10-subset:trainall", RealData.Options);
        Assert.Equal([4000L, 3L, 32L, 32L], cifar.Columns[0].Values.shape);
        using var first = cifar.Columns[0].Values[0];

        // Image 0 is a frog on brown ground: red above blue.
        using var channels = first.to(ScalarType.Float32).mean([1, 2]);
        var means = channels.data<float>().ToArray();
        Assert.True(means[0] > means[2] && cifar.Columns[1].Values[0].ToInt32() == 6);

        using var digits = DataSets.Open("digits:test", RealData.Options);
        Assert.Equal(1797, digits.Rows);
        Assert.Equal(4.884, Mean(digits.Columns[0]), 0.001);
    }

    [RealDataFact]
    public void Spoken_digits_keep_speakers_and_digits_in_every_split()
    {
        foreach (var (split, rows) in new[] { ("train", 2475), ("validation", 225), ("test", 300) })
        {
            using var source = DataSets.Open("fsdd@2048:" + split, RealData.Options);
            Assert.Equal(rows, source.Rows);
            Assert.Equal([2048L], source.Columns[0].Shape);
            Assert.Equal(10, source.Columns[1].Values.bytes.ToArray().Distinct().Count());
            Assert.Equal(6, source.Columns[2].Values.bytes.ToArray().Distinct().Count());
        }
    }

    [RealDataFact]
    public void Text_can_be_read_back()
    {
        using var plays = DataSets.Open("tinyshakespeare@16", RealData.Options);
        var text = plays.Columns[0];
        var codes = text.Values.bytes.ToArray();

        Assert.Equal(65, text.Count);
        Assert.Equal("First Citizen:\nB", string.Concat(codes.Take(16).Select(code => text.Vocabulary[code])));
    }

    [RealDataFact]
    public void Rows_can_be_limited()
    {
        using var few = DataSets.Open("fashion-mnist:test", RealData.Options with { Rows = 7 });

        Assert.Equal(7, few.Rows);
    }

    private static double Mean(Column column)
    {
        using var real = column.Values.to(ScalarType.Float64);
        using var mean = real.mean();
        return mean.ToDouble();
    }
}
