using System;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Ranges;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Entries;

/// <summary>Pooling, upsampling, statistics of a sample, products of matrices and attention, number by number.</summary>
public sealed class SitesTests
{
    [Fact]
    public void Pools_AreOfWindows_ThatAreFull()
    {
        var net = new CompiledNet("space X = f32[2, 5, 6] in [-3, 3]\nnet N(x: X) { (avg_pool(x, 2), max_pool(x, (2, 3), stride: 1), avg_pool(x, 3, stride: 2)) }");
        using Tensor x = CompiledNet.Normal(3, 2, 5, 6).clamp_(-3, 3);
        double[] numbers = CompiledNet.Numbers(x);
        Tensor[] y = net.RunAll(x);
        Assert.All(net.Ir.Forward!.Results, r => Assert.Equal(new Interval(-3, 3), r.Type.Range));
        (int Height, int Width, int Step, bool IsMean)[] kinds = [(2, 2, 2, true), (2, 3, 1, false), (3, 3, 2, true)];
        foreach ((Tensor result, (int kh, int kw, int step, bool isMean)) in y.Zip(kinds))
        {
            long[] shape = [3, 2, ((5 - kh) / step) + 1, ((6 - kw) / step) + 1];
            Assert.Equal(shape, result.shape);
            double[] found = CompiledNet.Numbers(result);
            foreach (long[] p in AccessTests.Places(shape))
            {
                double[] window = [.. AccessTests.Places([kh, kw]).Select(t => numbers[AccessTests.Index([p[0], p[1], (p[2] * step) + t[0], (p[3] * step) + t[1]], [3, 2, 5, 6])])];
                Assert.Equal(isMean ? window.Average() : window.Max(), found[AccessTests.Index(p, shape)], 1e-14);
            }
        }
    }

    [Fact]
    public void Upsampling_RepeatsSites_OrDrawsLinesBetweenTheirCentres()
    {
        var net = new CompiledNet("net N(x: [c, h, w], p: [c, h, w]) {\n    param q: [1, 2] = constant(3)\n    (upsample(x, (2, 3)), upsample(x, mode: bilinear), x |> raster |> upsample(3, mode: bilinear), upsample(q))\n}");
        using Tensor x = CompiledNet.Normal(2, 3, 3, 4);
        double[] numbers = CompiledNet.Numbers(x);
        Tensor[] y = net.RunAll(x, x);
        Assert.Equal([2, 3, 6, 12], y[0].shape);
        Assert.Equal([2, 3, 36], y[2].shape);
        Assert.Equal([1, 4], y[3].shape);
        foreach (long[] p in AccessTests.Places([2, 3, 6, 12]))
        {
            Assert.Equal(numbers[AccessTests.Index([p[0], p[1], p[2] / 2, p[3] / 3], [2, 3, 3, 4])], CompiledNet.Numbers(y[0])[AccessTests.Index(p, [2, 3, 6, 12])]);
        }

        double[] lines = CompiledNet.Numbers(y[1]);
        foreach (long[] p in AccessTests.Places([2, 3, 6, 8]))
        {
            (long row, double down) = Between(p[2], 2, 3);
            (long column, double right) = Between(p[3], 2, 4);
            double At(long i, long j) => numbers[AccessTests.Index([p[0], p[1], Math.Min(i, 2), Math.Min(j, 3)], [2, 3, 3, 4])];
            double expected = ((1 - down) * (((1 - right) * At(row, column)) + (right * At(row, column + 1)))) + (down * (((1 - right) * At(row + 1, column)) + (right * At(row + 1, column + 1))));
            Assert.Equal(expected, lines[AccessTests.Index(p, [2, 3, 6, 8])], 1e-13);
        }
    }

    private static (long Site, double Weight) Between(long at, int scale, long sites)
    {
        double place = Math.Clamp(((at + 0.5) / scale) - 0.5, 0, sites - 1);
        return ((long)place, place - Math.Floor(place));
    }

    [Theory]
    [InlineData("x: [2, 3, 4]", "upsample")]
    [InlineData("x: [2, 3, 4]", "upsample((1, 3))")]
    [InlineData("x: [2, 3, 4]", "upsample(2, mode: bilinear)")]
    [InlineData("x: [2, 4, 3]", "upsample((3, 4), mode: bilinear)")]
    [InlineData("x: [2, 5]", "upsample(3, mode: bilinear)")]
    [InlineData("x: [2, 5, 6]", "avg_pool(2)")]
    [InlineData("x: [2, 5, 6]", "avg_pool((3, 2), stride: (1, 3))")]
    [InlineData("x: [2, 7]", "avg_pool(3)")]
    public void TheTaps_AreThoseOfTheGradient(string data, string layer) => new AccessTests().TheTaps_AreThoseOfTheGradient(data, layer);

    [Fact]
    public void Norms_HaveMeanZeroAndVarianceOne_OverTheirNumbers()
    {
        var net = new CompiledNet("net N(x: [c, h, w]) { (instance_norm(x, eps: 1e-12), layer_norm(x, eps: 1e-12), layer_norm(x, eps: 1e-12, over: features)) }");
        using Tensor x = CompiledNet.Normal(2, 3, 4, 5).mul_(3).add_(1);
        Tensor[] y = net.RunAll(x);
        foreach ((Tensor result, long[] axes) in y.Zip([new long[] { 2, 3 }, [1, 2, 3], [1]]))
        {
            using Tensor mean = x.mean(axes, keepdim: true);
            using Tensor variance = (x - mean).square().mean(axes, keepdim: true);
            Runtime.TensorAssert.Close((x - mean) / variance.sqrt(), result, 1e-9);
        }
    }

    [Theory]
    [InlineData("[c]", new long[] { 4, 6 })]
    [InlineData("[c, t]", new long[] { 4, 6, 5 })]
    [InlineData("[c, h, w]", new long[] { 4, 6, 3, 5 })]
    public void GroupNorm_IsThatOfTorch_WithItsGradients(string data, long[] shape)
    {
        var net = new CompiledNet($"net N(g: int)(x: {data}) where c % 3 == 0 {{\n    param p: [4 * g, 5] = normal(0, 1)\n    (p |> group_norm(2 * g), x |> group_norm(3, eps: 1e-3))\n}}", ("g", 3), ("c", 6));
        Assert.Equal((Access.Everything, Interval.All), (net.Op.Access, net.Op.Outputs[0].Type.Range));
        Tensor[] inputs = [CompiledNet.Normal(shape).mul_(3).requires_grad_(), net.State["group_norm2.weight"].Tensor, net.State["group_norm2.bias"].Tensor];
        Assert.All(inputs, t => t.detach().add_(CompiledNet.Normal(t.shape)));
        Tensor[] y = net.RunAll(inputs[0]);
        Tensor[] WithSlopes(Tensor z) => [z, .. autograd.grad([z.sin().sum()], inputs)];
        Assert.All(WithSlopes(nn.functional.group_norm(inputs[0], 3, inputs[1], inputs[2], 1e-3)).Zip(WithSlopes(y[1])), p => Runtime.TensorAssert.Close(p.First, p.Second, 1e-12));
        Runtime.TensorAssert.Close(nn.functional.layer_norm(net.State["p"].Tensor.reshape(6, 10), [10]).reshape(12, 5), y[0], 1e-12);
    }

    [Fact]
    public void AStyle_SetsMeanAndDeviationOfEachChannel()
    {
        var net = new CompiledNet("net N(x: [c, h, w], scale: [c], shift: [c]) { adain(x, scale, shift) }");
        using Tensor x = CompiledNet.Normal(2, 3, 8, 8);
        using Tensor scale = tensor(new double[] { -2, 0.5, 0, 1, 3, -1 }).reshape(2, 3);
        using Tensor shift = tensor(new double[] { 5, -1, 2, 0, 0.5, 7 }).reshape(2, 3);
        using Tensor y = net.Run(x, scale, shift);
        Runtime.TensorAssert.Close(shift, y.mean([2, 3]), 1e-12);
        Runtime.TensorAssert.Close(scale.abs(), (y - y.mean([2, 3], keepdim: true)).square().mean([2, 3]).sqrt(), 1e-3);
    }

    [Fact]
    public void AffineMaps_AreOfChannels_LearnedOrComputed()
    {
        var net = new CompiledNet("net N(x: [3, t], s: [3], b: [3]) { (x |> channel_affine(init: constant(3)), modulate(x, s, b)) }");
        using Tensor x = CompiledNet.Normal(2, 3, 4);
        using Tensor s = CompiledNet.Normal(2, 3) + 1;
        using Tensor b = CompiledNet.Normal(2, 3) * 2;
        Tensor[] y = net.RunAll(x, s, b);
        Runtime.TensorAssert.Close(3 * x, y[0], 1e-14);
        Runtime.TensorAssert.Close((s.unsqueeze(-1) * x) + b.unsqueeze(-1), y[1], 1e-14);
        Assert.Equal([("channel_affine1.weight", StateRole.Gain), ("channel_affine1.bias", StateRole.Gain)], net.State.Select(i => (i.Name, i.Role)));
    }

    [Fact]
    public void Products_AreOfEachSample()
    {
        var net = new CompiledNet("net N(x: [2, 3], y: [3, 4]) {\n    param p: [3, 2] = normal(0, 1)\n    (matmul(x, y), matmul(x, p), matmul(p, transpose(p)), transpose(x))\n}");
        using Tensor x = CompiledNet.Normal(5, 2, 3);
        using Tensor y = CompiledNet.Normal(5, 3, 4);
        Tensor[] z = net.RunAll(x, y);
        using Tensor p = net.State[0].Tensor.detach();
        using Tensor wide = p.unsqueeze(0);
        Runtime.TensorAssert.Close((x.unsqueeze(3) * y.unsqueeze(1)).sum([2]), z[0], 1e-13);
        Runtime.TensorAssert.Close((x.unsqueeze(3) * wide.unsqueeze(1)).sum([2]), z[1], 1e-13);
        Runtime.TensorAssert.Close((p.unsqueeze(1) * p.unsqueeze(0)).sum([2]), z[2], 1e-13);
        Runtime.TensorAssert.Close(x.mT, z[3], 0);
    }

    [Fact]
    public void Attention_BeginsAsTheIdentity_AndMovesWithItsSites()
    {
        var net = new CompiledNet("net N(x: [8, 3, 4]) { x |> SelfAttention }");
        using Tensor x = CompiledNet.Normal(2, 8, 3, 4);
        using (Tensor y = net.Run(x))
        {
            Runtime.TensorAssert.Same(x, y);
        }

        using (no_grad())
        {
            net.State["selfAttention.gate"].Tensor.fill_(0.7);
        }

        // Another order of the sites gives the same numbers in that order.
        using Tensor order = tensor(new long[] { 5, 0, 11, 3, 2, 7, 1, 9, 4, 10, 6, 8 });
        using Tensor moved = x.flatten(2).index_select(2, order).reshape(2, 8, 3, 4);
        using Tensor expected = net.Run(x).flatten(2).index_select(2, order).reshape(2, 8, 3, 4);
        Runtime.TensorAssert.Close(expected, net.Run(moved), 1e-12);
        using Tensor change = (net.Run(x) - x).abs().max();
        Assert.InRange(change.ToDouble(), 1e-3, 10);

        // By hand.
        Tensor Conv(string name) => (net.State[name + ".weight"].Tensor.detach().flatten(1).unsqueeze(0).matmul(x.flatten(2))) + net.State[name + ".bias"].Tensor.detach().reshape(1, -1, 1);
        using Tensor weights = Conv("selfAttention.conv2").mT.matmul(Conv("selfAttention.conv1")).softmax(1);
        Runtime.TensorAssert.Close(ones([2, 12], ScalarType.Float64), weights.sum([1]), 1e-12);
        using Tensor mixed = Conv("selfAttention.conv3").matmul(weights);
        using Tensor last = (net.State["selfAttention.conv4.weight"].Tensor.detach().flatten(1).unsqueeze(0).matmul(mixed)) + net.State["selfAttention.conv4.bias"].Tensor.detach().reshape(1, -1, 1);
        Runtime.TensorAssert.Close(x + (0.7 * last.reshape(2, 8, 3, 4)), net.Run(x), 1e-12);
    }

    [Theory]
    [InlineData("x: [2, 4, 5]", "avg_pool(2)", new long[] { 2, 2, 4, 5 })]
    [InlineData("x: [2, 4, 5]", "max_pool(2, stride: 1)", new long[] { 2, 2, 4, 5 })]
    [InlineData("x: [2, 3]", "upsample(3, mode: bilinear)", new long[] { 2, 2, 3 })]
    [InlineData("x: [2, 3, 2]", "upsample(2, mode: bilinear)", new long[] { 2, 2, 3, 2 })]
    [InlineData("x: [2, 3, 2]", "upsample", new long[] { 2, 2, 3, 2 })]
    [InlineData("x: [2, 3, 2]", "instance_norm", new long[] { 2, 2, 3, 2 })]
    [InlineData("x: [2, 3, 2]", "layer_norm", new long[] { 2, 2, 3, 2 })]
    [InlineData("x: [3, 2]", "layer_norm(over: features)", new long[] { 2, 3, 2 })]
    [InlineData("x: [4, 2]", "group_norm(2)", new long[] { 2, 4, 2 })]
    [InlineData("x: [3, 2]", "channel_affine(init: constant(2))", new long[] { 2, 3, 2 })]
    [InlineData("x: [3, 2]", "batch_norm(affine: false)", new long[] { 2, 3, 2 })]
    [InlineData("x: [3, 2]", "spectral_norm(conv(2, kernel: 1))", new long[] { 2, 3, 2 })]
    [InlineData("x: [3]", "equal_lr(linear(2), gain: 0.5)", new long[] { 2, 3 })]
    [InlineData("x: [8, 2, 1]", "SelfAttention", new long[] { 1, 8, 2, 1 })]
    public void GradientsAndTheirGradients_AreTheDifferencesOfValues(string data, string layer, long[] shape)
    {
        var net = new CompiledNet($"net N({data}) {{ x |> {layer} }}");
        Tensor[] learned = [.. net.State.Learned.Select(s => s.Tensor).Where(_ => !layer.StartsWith("spectral", StringComparison.Ordinal))];
        if (layer == "SelfAttention")
        {
            using (no_grad())
            {
                net.State["selfAttention.gate"].Tensor.fill_(0.7);
            }
        }

        using Tensor x = CompiledNet.Normal(shape);
        Slopes.Check(_ => net.Run(x), [x, .. learned]);
    }

    [Fact]
    public void GradientsOfProductsAndStyles_AreTheDifferencesOfValues()
    {
        var product = new CompiledNet("net N(x: [2, 3], y: [3, 2]) { matmul(x, y) |> transpose }");
        Slopes.Check(t => product.Run(t[0], t[1]), CompiledNet.Normal(2, 2, 3), CompiledNet.Normal(2, 3, 2) * 0.5);
        var style = new CompiledNet("net N(x: [2, 2, 2], s: [2], b: [2]) { adain(x, s, b) }");
        Slopes.Check(t => style.Run(t[0], t[1], t[2]), CompiledNet.Normal(2, 2, 2, 2), CompiledNet.Normal(2, 2) + 1, CompiledNet.Normal(2, 2) * 2);
    }
}
