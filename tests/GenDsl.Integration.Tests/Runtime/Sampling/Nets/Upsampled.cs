using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

/// <summary>A sequence of real numbers read at half and at double its rate, looked at in advance, and drawn from normals.</summary>
internal sealed class Upsampled : SampledNet
{
    public override long[] Sites => [24];

    public override long Channels => 2;

    public override SiteDraw Draw => SiteDraws.Normal;

    public override Tensor Data() => Reals();

    public override T[] Text<T>(INetOps<T> ops)
    {
        // Up by 3 and down again; a symmetric kernel reads ahead of what is delayed.
        var late = ops.Shift(ops.Root, 4);
        var fine = ops.Conv(late, W("up", 2, 5, 4), W("up bias", 5), [3], [1], [0], [72], true);
        var smooth = ops.Conv(ops.Map(SiteKernels.Tanh, fine), W("smooth", 5, 5, 5), W("smooth bias", 5), [1], [1], [2], [72]);
        var back = ops.Conv(ops.Map(SiteKernels.Sigmoid, smooth), W("down", 4, 5, 3), null, [3], [1], [1], [24]);
        var coarse = ops.Conv(late, W("half", 4, 2, 4), W("half bias", 4), [2], [1], [1], [12]);
        var up = ops.Conv(ops.Map(SiteKernels.Silu, coarse), W("full", 4, 4, 3), null, [2], [1], [1], [24], true);
        var both = ops.Map(SiteKernels.Multiply, ops.Map(SiteKernels.Add, back, up), ops.Constant(W("scale", Count, 4, 1)));
        var mean = ops.Conv(both, W("mean", 2, 4, 1), null, [1], [1], [0], Sites);
        return [mean, ops.Constant(W("std", 1, 1, 1).fill_(0.3))];
    }
}
