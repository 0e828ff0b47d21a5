using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Catalog;
using GenDsl.Dsl.Shapes;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Entries;

/// <summary>What an entry says it reads, against the gradients of the real call, for every pair of a result's and an input's number.</summary>
public sealed class AccessTests
{
    [Theory]
    [InlineData("x: [2, 7]", "conv(3, kernel: 3, pad: causal)")]
    [InlineData("x: [2, 9]", "conv(3, kernel: 2, pad: causal, dilation: 4)")]
    [InlineData("x: [2, 8]", "conv(3, kernel: 3, pad: causal, stride: 2)")]
    [InlineData("x: [2, 7]", "conv(3, kernel: 3, pad: causal, stride: 2)")]
    [InlineData("x: [2, 5, 6]", "conv(3, kernel: (2, 3), pad: down)")]
    [InlineData("x: [2, 5, 6]", "conv(3, kernel: (1, 3), pad: down)")]
    [InlineData("x: [2, 7, 7]", "conv(3, kernel: (3, 3), pad: down, dilation: 2)")]
    [InlineData("x: [2, 6, 8]", "conv(3, kernel: (2, 3), pad: down, stride: 2)")]
    [InlineData("x: [2, 5, 6]", "conv(3, kernel: (2, 2), pad: down_right)")]
    [InlineData("x: [2, 5, 6]", "conv(3, kernel: (2, 1), pad: down_right)")]
    [InlineData("x: [2, 6, 8]", "conv(3, kernel: (2, 2), pad: down_right, stride: 2)")]
    [InlineData("x: [2, 6, 6]", "conv(3, kernel: (3, 2), pad: down_right, dilation: (1, 2))")]
    [InlineData("x: [2, 5, 6]", "conv(3, kernel: 3)")]
    [InlineData("x: [2, 5, 6]", "conv(3, kernel: 4, stride: 2, pad: 1)")]
    [InlineData("x: [2, 3, 4]", "conv_transpose(3, kernel: (2, 3), stride: 2, pad: down)")]
    [InlineData("x: [2, 3, 4]", "conv_transpose(3, kernel: (2, 2), stride: 2, pad: down_right)")]
    [InlineData("x: [2, 3, 4]", "conv_transpose(3, kernel: (3, 3), stride: 1, pad: down)")]
    [InlineData("x: [2, 3, 4]", "conv_transpose(3, kernel: (3, 5), stride: 2, pad: down)")]
    [InlineData("x: [2, 3, 4]", "conv_transpose(3, kernel: (4, 4), stride: 2, pad: down)")]
    [InlineData("x: [2, 3, 4]", "conv_transpose(3, kernel: (3, 4), stride: 2, pad: down_right)")]
    [InlineData("x: [2, 3, 4]", "conv_transpose(3, kernel: 4, stride: 2)")]
    [InlineData("x: [2, 4]", "conv_transpose(3, kernel: 3, stride: 2, pad: causal)")]
    [InlineData("x: [2, 4]", "conv_transpose(3, kernel: 2, stride: 2, pad: causal)")]
    [InlineData("x: [2, 4]", "conv_transpose(3, kernel: 3, stride: 3, pad: 1, dilation: 2)")]
    [InlineData("x: [2, 7]", "delay(2)")]
    [InlineData("x: [7]", "delay")]
    [InlineData("x: [2, 3]", "delay(9)")]
    [InlineData("x: [2, 4, 5]", "rows_above")]
    [InlineData("x: [2, 4, 1]", "columns_left")]
    [InlineData("x: [2, 1, 4]", "columns_left")]
    public void TheTaps_AreThoseOfTheGradient(string data, string layer)
    {
        var net = new CompiledNet($"net N({data}) {{ x |> {layer} }}");
        var access = Assert.IsType<TapsAccess>(net.Op.Access);
        long[] from = Sizes(net.Op.Inputs[0].Type.Shape);
        long[] to = Sizes(net.Op.Outputs[0].Type.Shape);
        int features = from.Length - access.Axes.Length;
        HashSet<(long, long)> expected = [];
        foreach (long[] result in Places(to))
        {
            foreach (long[] input in Places(from))
            {
                bool reads = access.Axes.Select((a, i) => Reads(a, result[features + i], input[features + i])).All(r => r);
                if (reads && (!access.IsPerFeature || features == 0 || result[0] == input[0]))
                {
                    expected.Add((Index(result, to), Index(input, from)));
                }
            }
        }

        Assert.Equal(expected.Order(), Dependencies(net, from).Order());
    }

    /// <summary>All pairs (number of the result, number of the input) with a gradient, of a sample.</summary>
    internal static HashSet<(long Result, long Input)> Dependencies(CompiledNet net, long[] shape)
    {
        HashSet<(long, long)> found = [];
        using Tensor x = CompiledNet.Normal([1, .. shape]).requires_grad_();
        using Tensor y = net.Run(x);
        using Tensor flat = y.flatten();
        for (long i = 0; i < flat.size(0); i++)
        {
            using Tensor number = flat[i];
            Tensor gradient = autograd.grad([number], [x], retain_graph: true, allow_unused: true)[0];
            if (gradient is not null)
            {
                found.UnionWith(CompiledNet.Numbers(gradient).Select((g, k) => (g, k)).Where(p => p.g != 0).Select(p => (i, (long)p.k)));
                gradient.Dispose();
            }
        }

        return found;
    }

    internal static long[] Sizes(IEnumerable<Dim> shape) => [.. shape.Select(d => d.Value!.Value)];

    internal static IEnumerable<long[]> Places(long[] shape) =>
        shape.Aggregate((IEnumerable<long[]>)[[]], (places, size) => places.SelectMany(p => Enumerable.Range(0, (int)size).Select(i => (long[])[.. p, i])));

    internal static long Index(long[] place, long[] shape) => place.Zip(shape).Aggregate(0L, (index, axis) => (index * axis.Second) + axis.First);

    private static bool Reads(AxisTaps axis, long result, long input)
    {
        (long stride, long dilation, long first, long last) = (axis.Stride.Value!.Value, axis.Dilation.Value!.Value, axis.First.Value!.Value, axis.Last.Value!.Value);
        long tap = axis.IsTransposed ? (stride * input) - result : input - (stride * result);
        return tap >= first && tap <= last && (tap - first) % dilation == 0;
    }
}
