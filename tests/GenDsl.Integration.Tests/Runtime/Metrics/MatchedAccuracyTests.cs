using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Metrics;

/// <summary>The accuracy of groups that were found without labels.</summary>
public sealed class MatchedAccuracyTests
{
    [Fact]
    public void TheBestAssignment_IsThatOfAllThatWereTried()
    {
        var random = new Random(3);
        for (var trial = 0; trial < 300; trial++)
        {
            var (rows, columns) = (random.Next(1, 6), random.Next(1, 6));
            var gains = new long[rows, columns];
            for (var i = 0; i < rows; i++)
            {
                for (var j = 0; j < columns; j++)
                {
                    gains[i, j] = random.Next(trial % 3 == 0 ? 3 : 50);
                }
            }

            Assert.Equal(Tried(gains, 0, []), Assignment.Best(gains));
        }
    }

    [Fact]
    public void ARenamingOfTheGroups_ChangesNothing()
    {
        using Tensor labels = randint(10, 400, ScalarType.Int64, generator: new Generator(1));
        using Tensor noise = Draws.Root(1, CPU).At("noise").Normal(400, 10);
        using Tensor logits = (2 * nn.functional.one_hot(labels, 10)) + noise;
        using Tensor order = randperm(10, ScalarType.Int64, generator: new Generator(2));
        using Tensor renamed = logits.index_select(1, order);
        double plain = MatchedAccuracy.Of(logits, labels, 10).ToDouble();
        Assert.Equal(plain, MatchedAccuracy.Of(renamed, labels, 10).ToDouble());

        // Never below what the names as they are give, and 1 where groups are the labels.
        Assert.True(plain >= logits.argmax(1).eq(labels).to(ScalarType.Float64).mean().ToDouble());
        Assert.Equal(1, MatchedAccuracy.Of(nn.functional.one_hot(labels, 10).to(ScalarType.Float32).index_select(1, order), labels, 10).ToDouble());

        // One group for all is worth its most frequent label.
        double most = labels.data<long>().ToArray().CountBy(label => label).Max(label => label.Value);
        Assert.Equal(most / 400, MatchedAccuracy.Of(zeros(400, 10), labels, 10).ToDouble(), 1e-6);
        Assert.Equal(most / 400, MatchedAccuracy.Of(zeros(400, 1), labels, 10).ToDouble(), 1e-6);
    }

    [Fact]
    public void BatchesAreOneTable_AndWhatIsWrongIsSaid()
    {
        using var metric = new MatchedAccuracy(2, 3);
        Assert.True(double.IsNaN(metric.Value));
        using Tensor first = tensor(new float[] { 1, 0, 0, 1, 0, 1 }).reshape(3, 2);
        using Tensor second = tensor(new float[] { 1, 0 }).reshape(1, 2);
        using Tensor labels = tensor(new long[] { 2, 0, 1 }), last = tensor(new long[] { 2 }), beyond = tensor(new long[] { 3 });
        var before = LiveTensors.Count();
        metric.Add(first, labels);
        metric.Add(second, last);
        Assert.Equal(0.75, metric.Value);
        Assert.Equal(before, torch.Tensor.TotalCount);
        Assert.Contains("3 is none of them", Assert.Throws<GenDslException>(() => metric.Add(second, beyond)).Message, StringComparison.Ordinal);
        using Tensor broken = second / 0;
        Assert.Contains("not finite", Assert.Throws<GenDslException>(() => metric.Add(broken, last)).Message, StringComparison.Ordinal);
    }

    private static long Tried(long[,] gains, int row, HashSet<int> taken) => row == gains.GetLength(0)
        ? 0
        : Enumerable.Range(0, gains.GetLength(1)).Where(j => !taken.Contains(j)).Select(j => gains[row, j] + Tried(gains, row + 1, [.. taken, j])).Append(Tried(gains, row + 1, taken)).Max();
}
