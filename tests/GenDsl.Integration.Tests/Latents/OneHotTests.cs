using System;
using System.Linq;
using GenDsl.Integration.Tests.Runtime;
using GenDsl.Integration.Tests.Training;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Latents;

/// <summary>One-hot draws, with the gradient of the softmax and relaxed, and sums over all values.</summary>
public class OneHotTests
{
    private static readonly double[] Logits = [1.0, -0.5, 0.2, -2.0];

    [Fact]
    public void Choices_FollowTheSoftmax()
    {
        using var scope = NewDisposeScope();
        const int Count = 200_000;
        Tensor logits = Of(Count), probabilities = tensor(Logits).softmax(0);
        Tensor[] draws = [OneHot.Sample(logits, Noise(Count)), OneHot.Sample(zeros_like(logits), Noise(Count)), OneHot.Sample(Noise(Count))];
        Tensor[] wanted = [probabilities, full(4, 0.25, dtype: ScalarType.Float64), full(4, 0.25, dtype: ScalarType.Float64)];
        foreach ((Tensor drawn, Tensor p) in draws.Zip(wanted))
        {
            AssertOneHot(drawn);
            Tensor error = (p * (1 - p) / Count).sqrt();
            Assert.True(((drawn.mean([0L]) - p).abs() < 4 * error).all().ToBoolean(), string.Join(", ", drawn.mean([0L]).data<double>().ToArray()));
        }
    }

    [Fact]
    public void ZeroNoise_IsADrawToo()
    {
        using var scope = NewDisposeScope();
        Tensor drawn = OneHot.Relaxed(Of(1), tensor(new[] { 0.0, 0, 0, 0 }).view(1, 4), 0.5, Mode.Learn);
        Assert.True(drawn.isfinite().all().ToBoolean());
    }

    [Fact]
    public void StraightThrough_IsOneHot_WithTheGradientOfTheSoftmax()
    {
        using var scope = NewDisposeScope();
        Tensor logits = Draws.Root(3, CPU, ScalarType.Float64).Normal(7, 4, 3).requires_grad_(), noise = Draws.Root(4, CPU, ScalarType.Float64).Uniform(0, 1, 7, 4, 3);
        Tensor drawn = OneHot.StraightThrough(logits, noise);
        AssertOneHot(drawn.detach());
        TensorAssert.Close(OneHot.Sample(logits, noise), drawn.detach(), 0);

        // The product of a vector with the Jacobian of the softmax: p (v - p . v).
        Tensor v = Draws.Root(5, CPU, ScalarType.Float64).Normal(7, 4, 3);
        (drawn * v).sum().backward();
        Tensor p = logits.detach().softmax(1);
        TensorAssert.Close(p * (v - (p * v).sum([1L], keepdim: true)), logits.grad!, 1e-12);
    }

    [Fact]
    public void RelaxedDraws_AddUpToOne_AndChooseAsHardOnesDo()
    {
        using var scope = NewDisposeScope();
        const int Count = 100_000;
        Tensor logits = Of(Count), noise = Noise(Count), hard = OneHot.Sample(logits, noise);
        foreach (double temperature in new[] { 5, 1, 0.3 })
        {
            Tensor relaxed = OneHot.Relaxed(logits, noise, temperature, Mode.Learn);
            TensorAssert.Close(ones(Count, dtype: ScalarType.Float64), relaxed.sum([1L]), 1e-12);
            Assert.True(relaxed.argmax(1).eq(hard.argmax(1)).all().ToBoolean());
            TensorAssert.Close(hard, OneHot.Relaxed(logits, noise, temperature, Mode.Evaluate), 0);
        }

        double[] distances = [.. new[] { 5, 1, 0.3, 0.01 }.Select(t => (OneHot.Relaxed(logits, noise, t, Mode.Train) - hard).abs().sum(1).mean().ToDouble())];
        Assert.Equal(distances.OrderDescending(), distances);
        Assert.True(distances[^1] < 0.02, $"{distances[^1]} from one-hot vectors at a low temperature");
    }

    [Fact]
    public void RelaxedDraws_MoveWithTheLogits()
    {
        using var scope = NewDisposeScope();
        Tensor logits = Of(5).requires_grad_(), noise = Noise(5), v = Draws.Root(5, CPU, ScalarType.Float64).Normal(5, 4);
        (OneHot.Relaxed(logits, noise, 0.7, Mode.Learn) * v).sum().backward();
        Tensor gumbel = noise.log().neg().log().neg(), y = ((logits.detach() + gumbel) / 0.7).softmax(1);
        TensorAssert.Close(y * (v - (y * v).sum([1L], keepdim: true)) / 0.7, logits.grad!, 1e-12);
        Assert.True(logits.grad!.abs().sum().ToDouble() > 0.1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void ATemperatureThatIsNotAboveZero_IsRefused(double temperature)
    {
        using var scope = NewDisposeScope();
        Tensor logits = Of(1), noise = Noise(1);
        Assert.Contains("temperature", Assert.Throws<GenDslException>(() => OneHot.Relaxed(logits, noise, temperature, Mode.Learn)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_RunThroughAllCombinations_AndAreAddedUp()
    {
        using var scope = NewDisposeScope();
        StateTable home = new() { Type = ScalarType.Float64 };
        const int Rows = 2;
        Assert.Equal([0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2], Enumeration.Codes(3, 1, 6, Rows, home).data<long>().ToArray());
        Assert.Equal([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1], Enumeration.Levels(2, 3, 6, Rows, home).data<double>().ToArray());
        TensorAssert.Close(eye(3, dtype: ScalarType.Float64).repeat_interleave(Rows, 0).repeat(2, 1), Enumeration.Vectors(3, 1, 6, Rows, home), 0);
        Tensor weights = Draws.Root(1, CPU, ScalarType.Float64).Normal(6 * Rows), table = weights.view(6, Rows);
        TensorAssert.Close(table.exp().sum([0L]).log(), Enumeration.SummedOut(weights, 6), 1e-12);
        Tensor posterior = Enumeration.Posterior(weights, 6), many = Draws.Root(2, CPU, ScalarType.Float64).Normal(6 * Rows, 4);
        TensorAssert.Close((table.softmax(0).unsqueeze(2) * many.view(6, Rows, 4)).sum([0L]), Enumeration.Expected(many, posterior, 6), 1e-12);
        Assert.Equal([Rows], Enumeration.Expected(weights, posterior, 6).shape);
    }

    [Fact]
    public void UniformClasses_AreAllAlike()
    {
        using var scope = NewDisposeScope();
        Tensor noise = Draws.Root(1, CPU).Uniform(0, 1, 60_000);
        Tensor drawn = Distributions.UniformSample(noise, 3, asIndices: true);
        Assert.Equal(ScalarType.Int64, drawn.dtype);
        Assert.All(Enumerable.Range(0, 3), c => Assert.InRange(drawn.eq(c).sum().ToInt64(), 19_400, 20_600));
        Assert.Equal(ScalarType.Float32, Distributions.UniformSample(noise, 3, asIndices: false).dtype);
    }

    [Fact]
    public void NothingIsLeftBehind()
    {
        long before = 0;
        for (int i = 0; i < 4; i++)
        {
            before = i == 1 ? LiveTensors.Count() : before;
            using Tensor logits = Draws.Root(3, CPU).Normal(7, 4).requires_grad_(), noise = Draws.Root(4, CPU).Uniform(0, 1, 7, 4);
            StateTable home = new();
            OneHot.Sample(logits, noise).Dispose();
            OneHot.Sample(noise).Dispose();
            OneHot.Relaxed(logits, noise, 1, Mode.Learn).Dispose();
            OneHot.StraightThrough(logits, noise).Dispose();
            Enumeration.Codes(2, 1, 2, 3, home).Dispose();
            Enumeration.Vectors(2, 1, 2, 3, home).Dispose();
            using Tensor flat = noise.view(-1);
            using Tensor posterior = Enumeration.Posterior(flat, 4);
            Enumeration.Expected(flat, posterior, 4).Dispose();
            Enumeration.SummedOut(flat, 4).Dispose();
            Distributions.UniformSample(noise, 3, asIndices: true).Dispose();
            Distributions.UniformSample(noise, 3, asIndices: false).Dispose();
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    private static Tensor Of(long count) => tensor(Logits).expand(count, 4).clone();

    private static Tensor Noise(long count) => Draws.Root(7, CPU, ScalarType.Float64).Uniform(0, 1, count, 4);

    private static void AssertOneHot(Tensor vectors)
    {
        Assert.True((vectors.eq(0) | vectors.eq(1)).all().ToBoolean());
        Assert.True(vectors.sum([1L]).eq(1).all().ToBoolean());
    }
}
