using System;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Flows;

public class PartitionsTests
{
    [Theory]
    [InlineData(PartitionKind.Checkerboard, new long[] { 2, 3, 4, 5 }, new long[] { 1, 4, 5 }, 10)]
    [InlineData(PartitionKind.Checkerboard, new long[] { 2, 3, 3, 3 }, new long[] { 1, 3, 3 }, 5)]
    [InlineData(PartitionKind.Checkerboard, new long[] { 2, 1, 1, 1 }, new long[] { 1, 1, 1 }, 1)]
    [InlineData(PartitionKind.Checkerboard, new long[] { 2, 1, 3, 1 }, new long[] { 1, 3, 1 }, 2)]
    [InlineData(PartitionKind.Checkerboard, new long[] { 2, 1, 1, 4 }, new long[] { 1, 1, 4 }, 2)]
    [InlineData(PartitionKind.Channels, new long[] { 2, 5, 4, 4 }, new long[] { 5, 1, 1 }, 3)]
    [InlineData(PartitionKind.Channels, new long[] { 2, 4, 4 }, new long[] { 4, 1 }, 2)]
    [InlineData(PartitionKind.Channels, new long[] { 2, 7 }, new long[] { 7 }, 4)]
    [InlineData(PartitionKind.TopBottom, new long[] { 2, 1, 5, 2 }, new long[] { 1, 5, 1 }, 3)]
    [InlineData(PartitionKind.LeftRight, new long[] { 2, 1, 2, 6 }, new long[] { 1, 1, 6 }, 3)]
    public void EvenAndOdd_AreComplements(PartitionKind kind, long[] shape, long[] maskShape, long first)
    {
        using var like = zeros(shape, ScalarType.Float64);
        using var even = Partitions.Mask(kind, 0, like.shape[1..], like);
        using var odd = Partitions.Mask(kind, 1, like.shape[1..], like);
        using var later = Partitions.Mask(kind, 2, like.shape[1..], like);
        Assert.Equal(maskShape, even.shape);
        Assert.Equal(ScalarType.Float64, even.dtype);
        Assert.Equal(first, (long)even.sum().ToDouble());
        Assert.Equal(1, even.reshape(-1)[0].ToDouble());
        Assert.True(even.eq(0).logical_or(even.eq(1)).all().ToBoolean());
        using var sum = even + odd;
        Runtime.TensorAssert.Same(ones_like(sum), sum);
        Runtime.TensorAssert.Same(even, later);
        using var product = like * even;
        Assert.Equal(shape, product.shape);
    }

    [Fact]
    public void ACheckerboard_ChangesColourAtEveryStep()
    {
        using var like = zeros(1, 1, 3, 4);
        using var mask = Partitions.Mask(PartitionKind.Checkerboard, 1, like.shape[1..], like);
        Assert.Equal([0f, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1], mask.data<float>().ToArray());
    }

    [Fact]
    public void WhatHasNoSuchAxes_IsAnError()
    {
        using var rows = zeros(2, 3);
        Assert.Contains("[N, c, h, w]", Assert.Throws<GenDslException>(() => Partitions.Mask(PartitionKind.TopBottom, 0, rows.shape[1..], rows)).Message, StringComparison.Ordinal);
    }
}
