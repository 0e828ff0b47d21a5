using System.Linq;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Latents;

/// <summary>The running sums of a codebook, by their formulas.</summary>
public class CodebooksTests
{
    private const double Eps = 1e-12;

    [Fact]
    public void WithoutMemory_AStepIsOneOfKMeans()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Tensor x = Vectors(40), count = ones(4, ScalarType.Float64), total = Draw(2).Normal(4, 3);
        Tensor before = Codebooks.Vectors(count, total, Eps);
        Tensor[] chosen = Codebooks.Nearest(x, count, total, Eps, 0, 0, Mode.Learn, Draw(3));
        Tensor distances = (x.unsqueeze(1) - before.unsqueeze(0)).pow(2).sum([2]);
        TensorAssert.Same(distances.argmin(1), chosen[0]);
        TensorAssert.Close(before.index_select(0, chosen[0]), chosen[1], 1e-12);
        Tensor after = Codebooks.Vectors(count, total, Eps);
        foreach (long code in chosen[0].data<long>().Distinct())
        {
            TensorAssert.Close(x[chosen[0].eq(code)].mean([0]), after[code], 1e-9);
        }
    }

    [Fact]
    public void RunningSums_FollowTheBatch_WhereTheNetLearns_AndNowhereElse()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Tensor x = Vectors(30), count = Draw(4).Uniform(1, 9, 5), total = Draw(5).Normal(5, 3);
        (Tensor oldCount, Tensor oldTotal) = (count.clone(), total.clone());
        Tensor codes = Codebooks.Nearest(x, count, total, 1e-5, 0.9, 0, Mode.Train, Draw(6))[0];
        Codebooks.Nearest(x, count, total, 1e-5, 0.9, 0, Mode.Evaluate, Draw(6));
        TensorAssert.Same(oldCount, count);
        TensorAssert.Same(oldTotal, total);

        Codebooks.Nearest(x, count, total, 1e-5, 0.9, 0, Mode.Learn, Draw(6));
        Tensor members = nn.functional.one_hot(codes, 5).to(ScalarType.Float64);
        TensorAssert.Close((0.9 * oldCount) + (0.1 * members.sum([0])), count, 1e-12);
        TensorAssert.Close((0.9 * oldTotal) + (0.1 * members.t().mm(x)), total, 1e-12);
    }

    [Fact]
    public void Counts_AreSmoothed_AsThePaperSays()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Tensor count = tensor(new[] { 4.0, 0.0, 6.0 }), total = Draw(1).Normal(3, 2);
        Tensor smoothed = (count + 0.1) / (10 + 0.3) * 10;
        TensorAssert.Close(total / smoothed.unsqueeze(1), Codebooks.Vectors(count, total, 0.1), 1e-12);
    }

    [Fact]
    public void ACodeThatIsNeverChosen_StartsAgain_AtAVectorOfTheBatch()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Tensor x = Vectors(50), count = ones(3, ScalarType.Float64) * 20, total = x.narrow(0, 0, 3).clone() * 20;
        total[2].fill_(1e6);
        Tensor alive = Codebooks.Vectors(count, total, Eps);
        for (ulong i = 0; i < 60; i++)
        {
            Codebooks.Nearest(x, count, total, Eps, 0.95, 0.1, Mode.Learn, Draw(i));
        }

        Tensor book = Codebooks.Vectors(count, total, Eps);
        Assert.True(Codebooks.Nearest(x, count, total, Eps, 0.95, 0.1, Mode.Evaluate, Draw(1))[0].data<long>().Distinct().Count() == 3, "The code never came back.");
        Assert.InRange(book.abs().max().ToDouble(), 0, 10);

        // At the moment of the start it is a row of the batch, and the others are what they were going to be.
        (count, total) = (tensor(new[] { 10.0, 0.01, 10.0 }), Draw(8).Normal(3, 3));
        (Tensor withCount, Tensor withTotal) = (count.clone(), total.clone());
        total[1].fill_(1e6);
        withTotal[1].fill_(1e6);
        Codebooks.Nearest(x, count, total, Eps, 0.9, 0, Mode.Learn, Draw(9));
        Codebooks.Nearest(x, withCount, withTotal, Eps, 0.9, 0.1, Mode.Learn, Draw(9));
        TensorAssert.Same(total[0], withTotal[0]);
        TensorAssert.Same(total[2], withTotal[2]);
        Tensor start = withTotal[1] / withCount[1];
        Assert.InRange((x - start).abs().sum([1]).min().ToDouble(), 0, 1e-9);
        TensorAssert.Close(count.mean(), withCount[1], 1e-12);
    }

    [Theory]
    [InlineData(new long[] { 6, 3 }, new long[] { 6 })]
    [InlineData(new long[] { 6, 3, 4 }, new long[] { 6, 4 })]
    [InlineData(new long[] { 6, 3, 4, 5 }, new long[] { 6, 1, 4, 5 })]
    public void Codes_KeepTheirPlaces(long[] shape, long[] codes)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Tensor x = Draw(1).Normal(shape), count = ones(7, ScalarType.Float64), total = Draw(2).Normal(7, 3);
        Tensor[] chosen = Codebooks.Nearest(x, count, total, Eps, 0.9, 0, Mode.Evaluate, Draw(3));
        Assert.Equal(codes, chosen[0].shape);
        Assert.Equal(shape, chosen[1].shape);
        TensorAssert.Close(Codebooks.Lookup(chosen[0], count, total, Eps, 1), chosen[1], 1e-12);
    }

    [Fact]
    public void WhatIsChosen_IsARowOfTheBook_ToTheLastBit_AndItsGradientGoesStraightThrough()
    {
        using var scope = NewDisposeScope();
        Tensor x = Draw(1).On(CPU).Normal(9, 3).mul(1e3).requires_grad_(), count = ones(4, ScalarType.Float64), total = Draw(2).Normal(4, 3);
        Tensor vectors = Codebooks.Nearest(x, count, total, Eps, 0.9, 0, Mode.Train, Draw(3))[1];
        Assert.False(vectors.requires_grad);
        Tensor through = StraightThrough.Of(x, vectors);
        TensorAssert.Same(vectors, through);
        Tensor weights = Draw(4).Normal(9, 3);
        Tensor gradient = autograd.grad([(through * weights).sum()], [x])[0];
        TensorAssert.Same(weights, gradient);
    }

    [Fact]
    public void BeforeTheFirstStep_CodesAreVectorsOfTheBatch()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Tensor x = Vectors(20), count = ones(4, ScalarType.Float64), total = Draw(2).Normal(4, 3);
        using (InitialPass.Begin())
        {
            Codebooks.Nearest(x, count, total, Eps, 0.9, 0, Mode.Initialise, Draw(1));
            Tensor once = total.clone();
            Codebooks.Nearest(x, count, total, Eps, 0.9, 0, Mode.Initialise, Draw(2));
            TensorAssert.Same(once, total);
        }

        for (int code = 0; code < 4; code++)
        {
            Assert.InRange((x - total[code]).abs().sum([1]).min().ToDouble(), 0, 0);
        }
    }

    [Fact]
    public void Usage_IsThePerplexity_OfAllBatches()
    {
        using var scope = NewDisposeScope();
        using CodeUsage usage = new(8);
        Tensor a = Draw(1).Integers(0, 8, 40, 1, 2, 2), b = Draw(2).Integers(0, 3, 10, 1, 2, 2);
        usage.Add(a);
        usage.Add(b);
        Tensor all = cat([a, b]);
        Assert.Equal(CodeUsage.Perplexity(all, 8).ToDouble(), usage.Value, 5);
        Assert.InRange(usage.Value, 1, 8);
        Assert.Equal(8, CodeUsage.Perplexity(arange(8), 8).ToDouble(), 5);
        Assert.Equal(1, CodeUsage.Perplexity(zeros(8, ScalarType.Int64), 8).ToDouble(), 5);
    }

    [Fact]
    public void NoTensorIsLeft()
    {
        Tensor x = Vectors(30), count = ones(5, ScalarType.Float64), total = Draw(5).Normal(5, 3);
        long before = LiveTensors.Count();
        foreach (Mode mode in new[] { Mode.Evaluate, Mode.Train, Mode.Learn })
        {
            foreach (Tensor made in Codebooks.Nearest(x, count, total, 1e-5, 0.9, 0.5, mode, Draw(6)))
            {
                made.Dispose();
            }
        }

        Assert.Equal(before, Tensor.TotalCount);
        x.Dispose();
        count.Dispose();
        total.Dispose();
    }

    private static Tensor Vectors(int rows) => Draw(11).Normal(rows, 3);

    private static Draws Draw(ulong seed) => Draws.Root(seed, CPU, ScalarType.Float64);
}
