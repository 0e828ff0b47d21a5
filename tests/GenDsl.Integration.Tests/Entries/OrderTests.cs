using System.Linq;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Entries;

/// <summary>Orders of numbers, their inverses, and positions.</summary>
public sealed class OrderTests
{
    [Fact]
    public void Raster_GoesRowByRow()
    {
        var net = new CompiledNet("space X = u8[2, 2, 3]\nnet N(x: X) { x |> raster }");
        Assert.Equal("u8[2, 6]", net.Op.Outputs[0].Type.ToString());
        using Tensor x = arange(12, ScalarType.Float64).reshape(1, 2, 2, 3);
        using Tensor y = net.Run(x);
        Assert.Equal([1, 2, 6], y.shape);
        Assert.Equal(CompiledNet.Numbers(x), CompiledNet.Numbers(y));
    }

    [Fact]
    public void Shuffle_IsOnePermutationForEver()
    {
        using Tensor x = arange(10, ScalarType.Int64).unsqueeze(0);
        using Tensor y = GenDsl.Runtime.Layers.Shuffle(x, 7);
        Assert.Equal("1 8 7 6 9 0 2 4 5 3", string.Join(" ", CompiledNet.Numbers(y)));
        using Tensor other = GenDsl.Runtime.Layers.Shuffle(x, 8);
        Assert.NotEqual(CompiledNet.Numbers(y), CompiledNet.Numbers(other));
        using Tensor back = GenDsl.Runtime.Layers.Unshuffle(y, 7);
        Assert.Equal(CompiledNet.Numbers(x), CompiledNet.Numbers(back));
    }

    [Fact]
    public void EveryPlaceOfAShuffle_IsAsLikely()
    {
        var counts = new int[4, 4];
        using Tensor x = arange(4, ScalarType.Int64);
        for (int seed = 0; seed < 4000; seed++)
        {
            using Tensor y = GenDsl.Runtime.Layers.Shuffle(x, seed);
            double[] order = CompiledNet.Numbers(y);
            for (int i = 0; i < 4; i++)
            {
                counts[i, (int)order[i]]++;
            }
        }

        Assert.All(counts.Cast<int>(), c => Assert.InRange(c, 880, 1120));
    }

    [Fact]
    public void Reverse_TurnsTheLastAxisRound()
    {
        var net = new CompiledNet("net N(x: [c, t]) { x |> reverse }");
        using Tensor x = tensor(new double[] { 1, 2, 3, 4, 5, 6 }).reshape(1, 2, 3);
        using Tensor y = net.Run(x);
        Assert.Equal([3, 2, 1, 6, 5, 4], CompiledNet.Numbers(y));
    }

    [Fact]
    public void Positions_RunFromMinusOneToOne()
    {
        var net = new CompiledNet("net N(x: [c, h, w], s: [c, t], v: [d]) { (positions(x), positions(s), positions(v), positions(x) |> raster) }");
        using Tensor x = CompiledNet.Normal(2, 1, 3, 2);
        using Tensor s = CompiledNet.Normal(2, 1, 5);
        using Tensor v = CompiledNet.Normal(2, 1);
        Tensor[] y = net.RunAll(x, s, v);
        Assert.Equal([2, 2, 3, 2], y[0].shape);
        double[] grid = [-1, -1, 0, 0, 1, 1, -1, 1, -1, 1, -1, 1];
        Assert.Equal(grid.Concat(grid), CompiledNet.Numbers(y[0]));
        Assert.Equal([2, 1, 5], y[1].shape);
        Assert.Equal([-1, -0.5, 0, 0.5, 1], CompiledNet.Numbers(y[1]).Take(5));
        Assert.Equal([2, 1, 1], y[2].shape);
        Assert.Equal([0, 0], CompiledNet.Numbers(y[2]));
        Assert.Equal([2, 2, 6], y[3].shape);
        Assert.All(y, t => Assert.Equal(ScalarType.Float64, t.dtype));
    }
}
