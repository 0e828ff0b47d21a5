using System;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Entries;

/// <summary>Labels as vectors and back, and what classifiers are measured by: entropies, divergences, sharpened probabilities.</summary>
public sealed class ProbabilityTests
{
    [Fact]
    public void Labels_AreVectors_AndBack_AtEverySite()
    {
        var net = new CompiledNet("""
            space One = class[4]
            space Line = code[4][5]
            space Picture = u8[1, 2, 3]
            net N(a: One, b: Line, c: Picture) {
                p = one_hot(a)
                q = b |> one_hot
                r = one_hot(c)
                (p, q, r, argmax(p), argmax(q), argmax(r))
            }
            """);
        using Tensor a = tensor(new long[] { 3, 0, 2 });
        using Tensor b = arange(15).remainder(4).reshape(3, 5);
        using Tensor c = arange(18, dtype: ScalarType.Float64).mul(13).reshape(3, 1, 2, 3);
        Tensor[] y = net.RunAll(a, b, c);
        Assert.Equal([(3, 4), (3, 4), (3, 256)], y.Take(3).Select(t => ((int)t.size(0), (int)t.size(1))));
        Assert.All(y.Take(3), t => Runtime.TensorAssert.Close(ones(t.sum([1L]).shape, ScalarType.Float64), t.sum([1L]), 0));
        Assert.Equal([a.shape, b.shape, c.shape], y.Skip(3).Select(t => t.shape));
        Assert.All(y.Skip(3).Zip([a, b, c]), p => Runtime.TensorAssert.Close(p.Second.to(ScalarType.Float64), p.First.to(ScalarType.Float64), 0));
        Assert.Equal(["class[4] in ", "class[256] in "], net.Ir.Forward!.Results.Skip(3).Select(r => r.Type.ToString().Split('[')[0] + "[" + r.Type.Count + "] in ").Distinct());
        Assert.All(net.Ir.Forward!.Results.Take(3), r => Assert.Equal(Interval.Unit, r.Type.Range));
    }

    [Fact]
    public void OfTies_TheFirstIsTheGreatest()
    {
        using Tensor y = new CompiledNet("net N(x: [5]) { argmax(x) }").Run(tensor(new double[] { 1, 2, 2, 2, 0, 7, 7, 7, 7, 7 }).reshape(2, 5));
        Assert.Equal([1, 0], CompiledNet.Numbers(y.to(ScalarType.Float64)));
    }

    [Fact]
    public void CrossEntropy_WithProbabilities_IsThatOfALabel_WhereTheyAreOneHot()
    {
        var net = new CompiledNet("""
            space Y = class[4]
            net N(l: [4], y: Y, q: [4], m: [4, 2, 3]) {
                p = softmax(q)
                (cross_entropy(l, y), cross_entropy(l, one_hot(y)), cross_entropy(l, p), entropy(q), kl(q, l), probability(l, y), cross_entropy(m, softmax(m)), entropy(m))
            }
            """);
        using Tensor l = CompiledNet.Normal(3, 4);
        using Tensor q = CompiledNet.Normal(3, 4).mul_(2);
        using Tensor m = CompiledNet.Normal(3, 4, 2, 3);
        using Tensor y = tensor(new long[] { 3, 0, 2 });
        Tensor[] r = net.RunAll(l, y, q, m);
        Runtime.TensorAssert.Close(r[0], r[1], 1e-14);
        Runtime.TensorAssert.Close(r[2], r[3] + r[4], 1e-14);
        Runtime.TensorAssert.Close(l.softmax(1).gather(1, y.unsqueeze(1)).squeeze(1), r[5], 1e-14);
        Runtime.TensorAssert.Close(r[7], r[6].squeeze(1), 1e-14);
        Assert.Equal([3, 1, 2, 3], r[6].shape);
        Interval[] ranges = [.. net.Ir.Forward!.Results.Select(o => o.Type.Range)];
        Assert.Equal((0.0, 0.0, 0.0, true), (ranges[2].Low, ranges[3].Low, ranges[5].Low, ranges[5].High == 1));
    }

    [Fact]
    public void Entropy_IsZeroForASureValue_AndLogNForAllAlike_AndPushesTheGreatestUp()
    {
        var net = new CompiledNet("net N(x: [5]) { entropy(x) }");
        using Tensor sure = tensor(new double[] { 0, 2000, 0, 0, -2000, 3, 3, 3, 3, 3 }).reshape(2, 5);
        Assert.Equal([0, Math.Log(5)], CompiledNet.Numbers(net.Run(sure)).Select(h => Math.Round(h, 14)).Select(h => h == Math.Round(Math.Log(5), 14) ? Math.Log(5) : h));
        using Tensor x = CompiledNet.Normal(6, 5).requires_grad_();
        using Tensor h = net.Run(x);
        using Tensor shifted = net.Run(x + 100);
        Runtime.TensorAssert.Close(h.detach(), shifted.detach(), 1e-12);
        using Tensor sum = h.sum();
        using Tensor slope = Gradients.Of(sum, [x])[0]!;
        using Tensor p = x.detach().softmax(1);
        Runtime.TensorAssert.Close(-p * (p.log() + h.detach().unsqueeze(1)), slope, 1e-12);
        Assert.True(slope.gather(1, x.detach().argmax(1, keepdim: true)).lt(0).all().item<bool>());
    }

    [Fact]
    public void ADivergence_IsZeroOfItself_AndHasNoSlopeThere()
    {
        var net = new CompiledNet("net N(x: [5], y: [5]) { kl(x, y) }");
        using Tensor x = CompiledNet.Normal(6, 5);
        using Tensor y = x.clone().requires_grad_();
        using Tensor same = net.Run(x, y);
        Runtime.TensorAssert.Close(zeros(6, ScalarType.Float64), same.detach(), 1e-14);
        using Tensor sum = same.sum();
        Runtime.TensorAssert.Close(zeros([6, 5], ScalarType.Float64), Gradients.Of(sum, [y])[0]!, 1e-14);
        using Tensor apart = net.Run(x, CompiledNet.Normal(6, 5).neg_());
        Assert.True(apart.gt(0).all().item<bool>());
    }

    [Fact]
    public void Sharpening_KeepsTheGreatest_IsNothingAtOne_AndOneHotInTheEnd()
    {
        Tensor At(double t, Tensor p) => new CompiledNet("space P = f32[5] in [0, 1]\nnet N(t: float)(x: P) { x |> sharpen(t) }", ("t", t)).Run(p);
        using Tensor p = CompiledNet.Normal(7, 5).softmax(1);
        p[0] = tensor(new double[] { 0, 0.5, 0, 0.5, 0 });
        Runtime.TensorAssert.Close(p, At(1, p), 1e-14);
        using Tensor half = At(0.5, p);
        Runtime.TensorAssert.Close(p.square() / p.square().sum([1L], keepdim: true), half, 1e-14);
        Runtime.TensorAssert.Close(ones(7, ScalarType.Float64), half.sum([1L]), 1e-14);
        using Tensor cold = At(1e-4, p);
        Assert.Equal(CompiledNet.Numbers(p.narrow(0, 1, 6).argmax(1).to(ScalarType.Float64)), CompiledNet.Numbers(half.narrow(0, 1, 6).argmax(1).to(ScalarType.Float64)));
        Runtime.TensorAssert.Close(nn.functional.one_hot(p.narrow(0, 1, 6).argmax(1), 5).to(ScalarType.Float64), cold.narrow(0, 1, 6), 1e-9);
    }
}
