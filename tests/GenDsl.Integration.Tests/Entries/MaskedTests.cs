using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Entries;

/// <summary>Masked layers: which numbers they see, by gradient, and what they compute, against the whole kernel masked.</summary>
public sealed class MaskedTests
{
    [Theory]
    [InlineData("x: [4, 5, 6]", "masked_conv(6, kernel: 3, mask: A)", 1)]
    [InlineData("x: [4, 5, 6]", "masked_conv(6, kernel: (3, 5), mask: B)", 1)]
    [InlineData("x: [3, 4, 5]", "masked_conv(7, kernel: 3, mask: A, groups: 3)", 3)]
    [InlineData("x: [6, 4, 5]", "masked_conv(4, kernel: (1, 3), mask: B, groups: 3)", 3)]
    [InlineData("x: [2, 4, 4]", "masked_conv(2, kernel: 3, mask: B, groups: 3)", 3)]
    [InlineData("x: [6, 3, 3]", "masked_conv(6, kernel: 1, mask: A, groups: 3)", 3)]
    [InlineData("x: [3, 7, 7]", "masked_conv(3, kernel: 3, mask: B, groups: 3, dilation: 2)", 3)]
    [InlineData("x: [2, 9]", "masked_conv(4, kernel: 5, mask: A)", 1)]
    [InlineData("x: [4, 9]", "masked_conv(4, kernel: 3, mask: B, groups: 2, dilation: 3)", 2)]
    public void MaskedConv_SeesWhatComesBefore(string data, string layer, int groups)
    {
        var net = new CompiledNet($"net N({data}) {{ x |> {layer} }}");
        var access = Assert.IsType<TapsAccess>(net.Op.Access);
        Assert.Equal(groups, access.Mask!.Classes.Value);
        long[] from = AccessTests.Sizes(net.Op.Inputs[0].Type.Shape);
        long[] to = AccessTests.Sizes(net.Op.Outputs[0].Type.Shape);
        HashSet<(long, long)> expected = [];
        foreach (long[] result in AccessTests.Places(to))
        {
            foreach (long[] input in AccessTests.Places(from))
            {
                long[] offset = [.. input.Skip(1).Zip(result.Skip(1), (i, r) => i - r)];
                bool inKernel = offset.Select((o, i) => access.Axes[i]).Zip(offset, (a, o) =>
                    o >= a.First.Value && o <= a.Last.Value && (o - a.First.Value!.Value) % a.Dilation.Value!.Value == 0).All(k => k);
                int first = Array.FindIndex(offset, o => o != 0);
                long own = Class(result[0], to[0], groups);
                long seen = Class(input[0], from[0], groups);
                if (inKernel && (first >= 0 ? offset[first] < 0 : access.Mask.IsStrict ? seen < own : seen <= own))
                {
                    expected.Add((AccessTests.Index(result, to), AccessTests.Index(input, from)));
                }
            }
        }

        Assert.Equal(expected.Order(), AccessTests.Dependencies(net, from).Order());
        Assert.Equal(StateRole.Constant, net.State["masked_conv1.mask"].Role);
        Assert.DoesNotContain(net.State.Learned, s => s.Name.EndsWith("mask", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("A", 1)]
    [InlineData("B", 1)]
    [InlineData("A", 3)]
    [InlineData("B", 3)]
    public void TheCroppedKernel_ComputesWhatTheWholeOneDoes(string mask, int groups)
    {
        var net = new CompiledNet($"net N(x: [c, h, w]) {{ x |> masked_conv(6, kernel: (5, 3), mask: {mask}, groups: {groups}) }}", ("c", 3));
        using Tensor x = CompiledNet.Normal(2, 3, 6, 7);
        using Tensor y = net.Run(x);
        Tensor weight = net.State["masked_conv1.weight"].Tensor;
        Assert.Equal([6, 3, 3, 3], weight.shape);
        using Tensor masked = weight * net.State["masked_conv1.mask"].Tensor;
        using Tensor whole = nn.functional.pad(masked, (0, 0, 0, 2));
        using Tensor expected = nn.functional.conv2d(x, whole, net.State["masked_conv1.bias"].Tensor, padding: [2, 1]);
        Runtime.TensorAssert.Close(expected, y, 1e-12);

        // Uniform within 1 / sqrt(kept taps): two rows of three, one to the left, and the centre's channels of the last group.
        double kept = (3 * 7) + 3 - (mask == "A" ? 3 / groups : 0);
        Assert.InRange(net.Numbers("masked_conv1.weight").Max(Math.Abs), 0.9 / Math.Sqrt(kept), 1 / Math.Sqrt(kept));
    }

    [Fact]
    public void TheKernelOfThePlan_IsTheLayerWithoutDilation()
    {
        var net = new CompiledNet("net N(x: [c, h, w]) { x |> masked_conv(4, kernel: 3, mask: B, groups: 2, dilation: (2, 3)) }", ("c", 2));
        using Tensor x = CompiledNet.Normal(2, 2, 9, 9);
        using Tensor y = net.Run(x);
        using Tensor masked = net.State["masked_conv1.weight"].Tensor * net.State["masked_conv1.mask"].Tensor;
        using Tensor kernel = GenDsl.Runtime.Layers.SpreadKernel(masked, [2, 3]);
        Assert.Equal([4, 2, 3, 7], kernel.shape);
        using Tensor padded = nn.functional.pad(x, (3, 3, 2, 0));
        using Tensor expected = nn.functional.conv2d(padded, kernel, net.State["masked_conv1.bias"].Tensor);
        Runtime.TensorAssert.Close(expected, y, 1e-12);
    }

    [Theory]
    [InlineData(5, "masked_linear(8) |> tanh |> masked_linear(7) |> elu |> masked_linear(10, strict: true)")]
    [InlineData(5, "masked_linear(3) |> tanh |> masked_linear(5, strict: true)")]
    [InlineData(2, "masked_linear(6) |> tanh |> masked_linear(4, strict: true)")]
    [InlineData(1, "masked_linear(6) |> tanh |> masked_linear(2, strict: true)")]
    [InlineData(4, "masked_linear(4, strict: true)")]
    [InlineData(4, "masked_linear(24) |> concat_elu |> gated |> masked_linear(8, strict: true)")]
    [InlineData(3, "masked_linear(8, strict: false) |> chunk(2)")]
    public void Made_SeesEarlierVariablesOnly_AndEachOfThem(int d, string body)
    {
        bool isChunked = body.EndsWith("chunk(2)", StringComparison.Ordinal);
        string text = isChunked ? $"(a, b) = x |> {body}\n    a * b |> masked_linear(6, strict: true)" : $"x |> {body}";
        var net = new CompiledNet($"net N(x: [{d}]) {{\n    {text}\n}}");
        long outputs = net.Op.Outputs[0].Type.Shape[0].Value!.Value;
        Assert.Equal(d, net.Op.Outputs[0].Type.Order?.Value);
        HashSet<(long, long)> expected = [.. from o in Enumerable.Range(0, (int)outputs) from i in Enumerable.Range(0, d) where i < o % d select ((long)o, (long)i)];
        HashSet<(long Result, long Input)> found = AccessTests.Dependencies(net, [d]);
        Assert.Subset(expected, found);

        // With enough hidden units each variable sees all before it.
        if (!body.Contains("(3)", StringComparison.Ordinal))
        {
            Assert.Equal(expected.Count, found.Count);
        }
    }

    [Fact]
    public void MadeOverBits_SumsToOne()
    {
        const int d = 4;
        var net = new CompiledNet($"space X = bit[{d}]\nnet N(x: X) {{ x |> rescale(-1, 1) |> masked_linear(9) |> tanh |> masked_linear({d}, strict: true) }}");
        double[] all = [.. Enumerable.Range(0, 1 << d).SelectMany(i => Enumerable.Range(0, d).Select(k => (double)((i >> k) & 1)))];
        using Tensor x = tensor(all).reshape(1 << d, d);
        using Tensor logits = net.Run(x);
        using Tensor score = nn.functional.binary_cross_entropy_with_logits(logits, x, reduction: nn.Reduction.None).sum(1);
        Assert.Equal(1, CompiledNet.Numbers(score).Sum(s => Math.Exp(-s)), 1e-12);
    }

    private static long Class(long feature, long features, long classes) => features >= classes ? feature % classes : feature * classes / features;
}
