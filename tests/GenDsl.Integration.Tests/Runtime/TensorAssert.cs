using System.Collections.Generic;
using System.Linq;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime;

internal static class TensorAssert
{
    public static void Close(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        using var frozen = no_grad();
        using var difference = (expected - actual).abs().max();
        Assert.InRange(difference.ToDouble(), 0, tolerance);
    }

    public static void Same(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.dtype, actual.dtype);
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(Bytes(expected).SequenceEqual(Bytes(actual)), "The tensors differ.");
    }

    public static void Same(IEnumerable<StateTensor> expected, IEnumerable<StateTensor> actual)
    {
        Assert.Equal(expected.Select(item => item.Name), actual.Select(item => item.Name));
        foreach (var (a, b) in expected.Zip(actual))
        {
            Same(a.Tensor, b.Tensor);
        }
    }

    private static byte[] Bytes(Tensor tensor)
    {
        using var detached = tensor.detach();
        using var dense = detached.contiguous();
        return dense.numel() == 0 ? [] : dense.bytes.ToArray();
    }
}
