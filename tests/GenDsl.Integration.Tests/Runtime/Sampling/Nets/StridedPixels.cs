using System.Collections.Generic;
using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

/// <summary>PixelCNN++: two streams at three resolutions with shortcuts, and a mixture over all channels of a pixel.</summary>
internal sealed class StridedPixels : SampledNet
{
    public int Features { get; init; } = 6;

    /// <summary>Layers per resolution.</summary>
    public int Depth { get; init; } = 1;

    public long Size { get; init; } = 8;

    public int Components { get; init; } = 4;

    public override long[] Sites => [Size, Size];

    public override long Channels => 3;

    public override SiteDraw Draw => SiteDraws.DiscretizedLogisticMixture(Components, 256, 3);

    public override Tensor Data() => Levels(256);

    public override T[] Text<T>(INetOps<T> ops)
    {
        long n = Size, f = Features;
        var y = ops.Concat(ops.Map(SiteKernels.Scale(2.0 / 255, -1), ops.Root), ops.Constant(One()));
        var u = ops.Shift(Conv(ops, y, "u", (2, 3), 4, f, n), 1, 0);
        var l = ops.Map(SiteKernels.Add, ops.Shift(Conv(ops, y, "la", (1, 3), 4, f, n), 1, 0), ops.Shift(Conv(ops, y, "lb", (2, 1), 4, f, n), 0, 1));
        List<T> us = [u], ls = [l];
        List<List<T>> allUs = [], allLs = [];
        for (var level = 0; level < 3; level++)
        {
            if (level > 0)
            {
                u = Conv(ops, us[^1], $"smaller u {level}", (2, 3), f, f, n / 2, 2);
                l = Conv(ops, ls[^1], $"smaller l {level}", (2, 2), f, f, n / 2, 2);
                n /= 2;
                us = [u];
                ls = [l];
            }

            for (var i = 0; i < Depth; i++)
            {
                us.Add(Alone(ops, us[^1], $"up u {level} {i}", (2, 3), n));
                ls.Add(Gate(ops, ls[^1], us[^1], f, $"up l {level} {i}", (2, 2), n));
            }

            allUs.Add(us);
            allLs.Add(ls);
        }

        (u, l) = (allUs[2][^1], allLs[2][^1]);
        for (var level = 2; level >= 0; level--)
        {
            if (level < 2)
            {
                n *= 2;
                u = ops.Conv(u, W($"bigger u {level}", f, f, 2, 3), W($"bigger u bias {level}", f), [2, 2], [1, 1], [0, 1], [n, n], true);
                l = ops.Conv(l, W($"bigger l {level}", f, f, 2, 2), W($"bigger l bias {level}", f), [2, 2], [1, 1], [0, 0], [n, n], true);
            }

            for (var i = 0; i < (level == 2 ? Depth : Depth + 1); i++)
            {
                var (sideU, sideL) = (allUs[level][Depth - i], allLs[level][Depth - i]);
                u = Gate(ops, u, sideU, f, $"down u {level} {i}", (2, 3), n);
                l = Gate(ops, l, ops.Concat(u, sideL), 2 * f, $"down l {level} {i}", (2, 2), n);
            }
        }

        return [Conv(ops, ops.Map(SiteKernels.Elu, l), "out", (1, 1), f, 10 * Components, n)];
    }

    private Tensor One() => W("one", 1, 1, 1).fill_(1);

    private T Conv<T>(INetOps<T> ops, T x, string name, (long Row, long Column) kernel, long from, long to, long size, long stride = 1)
    {
        // Three columns are symmetric, two look left.
        var left = kernel.Column == 3 ? 1 : kernel.Column - 1;
        return ops.Conv(x, W(name, to, from, kernel.Row, kernel.Column), W(name + " bias", to), [stride, stride], [1, 1], [kernel.Row - 1, left], [size, size]);
    }

    private T Alone<T>(INetOps<T> ops, T x, string name, (long Row, long Column) kernel, long size)
    {
        long f = Features;
        var a = Conv(ops, ops.Map(SiteKernels.ConcatElu, x), name + " a", kernel, 2 * f, f, size);
        var b = Conv(ops, ops.Map(SiteKernels.ConcatElu, a), name + " b", kernel, 2 * f, 2 * f, size);
        return ops.Map(SiteKernels.Add, x, ops.Map(SiteKernels.Glu, b));
    }

    private T Gate<T>(INetOps<T> ops, T x, T side, long sideFeatures, string name, (long Row, long Column) kernel, long size)
    {
        long f = Features;
        var a = ops.Map(
            SiteKernels.Add,
            Conv(ops, ops.Map(SiteKernels.ConcatElu, x), name + " a", kernel, 2 * f, f, size),
            Conv(ops, ops.Map(SiteKernels.ConcatElu, side), name + " side", (1, 1), 2 * sideFeatures, f, size));
        var b = Conv(ops, ops.Map(SiteKernels.ConcatElu, a), name + " b", kernel, 2 * f, 2 * f, size);
        return ops.Map(SiteKernels.Add, x, ops.Map(SiteKernels.Glu, b));
    }
}
