using System;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Metrics;

/// <summary>P@k of a dictionary, by cosine and by CSLS, and rounds of refinement (systems.md 50).</summary>
public sealed class RetrievalTests
{
    private static Tensor Normal(string name, params long[] shape) => Draws.Root(7, CPU, ScalarType.Float64).At(name).Normal(shape);

    private static Tensor Codes(params long[] codes) => tensor(codes);

    [Fact]
    public void AWordCountsOnce_WhenOneOfItsTranslationsIsNear_AndWrongOnesOfTheSameCosineStandBefore()
    {
        // Four candidates on the axes of a plane, called 5, 6, 7 and 8.
        using Tensor among = tensor(new[] { 1f, 0, 0, 1, -1, 0, 0, -1 }).reshape(4, 2);
        using Tensor names = Codes(5, 6, 7, 8);
        double At(long k, Tensor query, Tensor word, Tensor answer) => Precision.Of(query, word, answer, among, names, k).ToDouble();

        // Word 1 has two translations, of which the second is the nearest: right, once. Word 2 is nearest to a wrong one, and second to the right one.
        using Tensor query = tensor(new[] { 2f, 0.1f, 2f, 0.1f, 0.1f, 3f }).reshape(3, 2);
        using Tensor word = Codes(1, 1, 2);
        using Tensor answer = Codes(7, 5, 5);
        Assert.Equal([0.5, 1, 1], [At(1, query, word, answer), At(2, query, word, answer), At(9, query, word, answer)]);

        // An answer that is no candidate is never found, and one that is as near as a wrong one comes behind it.
        using Tensor missing = Codes(9, 9, 5);
        Assert.Equal(0.5, At(9, query, word, missing));
        using Tensor even = tensor(new[] { 1f, 1f }).reshape(1, 2);
        using Tensor one = Codes(1);
        using Tensor six = Codes(6);
        Assert.Equal([0.0, 1], [At(1, even, one, six), At(2, even, one, six)]);
        using var empty = new Precision(1);
        Assert.True(double.IsNaN(empty.Value));
    }

    [Fact]
    public void ARotation_FindsEverything_AndChanceAsManyAsThereAreTries()
    {
        const int Words = 1500;
        using Tensor x = Normal("x", Words, 12).to(ScalarType.Float32);
        using Tensor q = linalg.qr(Normal("q", 12, 12)).Q.to(ScalarType.Float32);
        using Tensor y = x.mm(q);
        using Tensor codes = arange(Words, ScalarType.Int64);
        double At(Tensor query, long k) => Precision.Of(query, codes, codes, y, codes, k).ToDouble();
        Assert.Equal(1, At(y, 1));
        Assert.Equal(1, Precision.Of(y, codes, codes, y, codes, y, 1, 10).ToDouble());
        using Tensor other = Normal("other", Words, 12).to(ScalarType.Float32);
        double one = At(other, 1), five = At(other, 5);
        Assert.InRange(At(other, 75), 0.03, 0.075);
        Assert.True(one <= five, $"{one} {five}");
    }

    [Fact]
    public void Csls_TakesFromACandidate_WhatItIsNearToEverybody()
    {
        // By hand: the hub is nearest to both words by cosine, and to neither by CSLS.
        using Tensor words = nn.functional.normalize(tensor(new[] { 1f, 0.6f, 0.6f, 1f }).reshape(2, 2), 2, 1);
        using Tensor among = nn.functional.normalize(tensor(new[] { 1f, 1f, 1f, 0.2f, 0.2f, 1f }).reshape(3, 2), 2, 1);
        using Tensor names = Codes(0, 1, 2);
        using Tensor word = Codes(0, 1);
        using Tensor answer = Codes(1, 2);
        Assert.Equal(0, Precision.Of(words, word, answer, among, names, 1).ToDouble());
        Assert.Equal(1, Precision.Of(words, word, answer, among, names, words, 1, 2).ToDouble());

        // The same by the formula, on noise: 2 cos - r.
        using Tensor x = nn.functional.normalize(Normal("x", 40, 6).to(ScalarType.Float32), 2, 1);
        using Tensor y = nn.functional.normalize(Normal("y", 50, 6).to(ScalarType.Float32), 2, 1);
        using Tensor right = arange(40, ScalarType.Int64);
        using Tensor all = arange(50, ScalarType.Int64);
        using Tensor hub = y.mm(x.t()).topk(5, 1).values.mean([1L]);
        using Tensor said = ((2 * x.mm(y.t())) - hub).argmax(1);
        using Tensor hits = said.eq(right).to(ScalarType.Float64).mean();
        Assert.Equal(hits.ToDouble(), Precision.Of(x, right, right, y, all, x, 1, 5).ToDouble(), 1e-9);
    }

    [Fact]
    public void Refinement_FindsTheRotation_FromAFewPairs()
    {
        using Tensor x = Normal("x", 300, 10);
        using Tensor q = linalg.qr(Normal("q", 10, 10)).Q;
        using Tensor y = x.mm(q.t()) + (0.05 * Normal("noise", 300, 10));

        // The other side in another order: pairs are found, not known. Twelve pairs make a rough map.
        using Tensor order = Draws.Root(7, CPU).At("order").Permutation(300);
        using Tensor shuffled = y.index_select(0, order);
        Tensor w = Procrustes.Of(x[..12], y[..12] + (0.3 * Normal("rough", 12, 10)));
        double first = (w - q).norm().ToDouble();
        for (int round = 0; round < 4; round++)
        {
            w = MutualProcrustes.Of(x, x.mm(w.t()), shuffled, 10);
        }

        Assert.InRange((w - q).norm().ToDouble(), 0, 0.1 * first);
        TensorAssert.Close(eye(10, dtype: ScalarType.Float64), w.mm(w.t()), 1e-10);
        TensorAssert.Close(Procrustes.Of(x, y), w, 1e-6);
    }

    [Fact]
    public void NothingIsSaidOfVectorsThatAreNotFinite()
    {
        using Tensor x = Normal("x", 4, 3);
        using Tensor broken = x / 0;
        using Tensor codes = arange(4, ScalarType.Int64);
        Assert.Contains("not finite", Assert.Throws<GenDslException>(() => Precision.Of(broken, codes, codes, x, codes, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("not finite", Assert.Throws<GenDslException>(() => MutualProcrustes.Of(x, broken, x, 2)).Message, StringComparison.Ordinal);
        using var none = new MutualProcrustes(2);
        Assert.Contains("no rows", Assert.Throws<GenDslException>(() => none.Solution()).Message, StringComparison.Ordinal);
    }
}
