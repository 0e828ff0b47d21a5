using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

/// <summary>The gated PixelCNN of two stacks, with a label.</summary>
internal sealed class GatedPixels : SampledNet
{
    private const int F = 6;

    public override long[] Sites => [7, 6];

    public override long Channels => 1;

    public override SiteDraw Draw => SiteDraws.Categorical(8);

    public override Tensor Data() => Levels(8);

    public override T[] Text<T>(INetOps<T> ops)
    {
        var label = ops.Constant(W("label", Count, 2 * F, 1, 1));
        var p = ops.Map(SiteKernels.Scale(2.0 / 7, -1), ops.Root);
        var v = Down(ops, ops.Shift(p, 1, 0), "first v", 1, F);
        var s = Right(ops, ops.Shift(p, 0, 1), "first s", 1, F);
        for (var i = 0; i < 3; i++)
        {
            var a = Down(ops, v, $"v {i}", F, 2 * F);
            var b = ops.Map(SiteKernels.Add, Right(ops, s, $"s {i}", F, 2 * F), One(ops, a, $"link {i}", 2 * F, 2 * F));
            v = ops.Map(SiteKernels.Gated, ops.Map(SiteKernels.Add, a, label));
            s = ops.Map(SiteKernels.Add, s, One(ops, ops.Map(SiteKernels.Gated, ops.Map(SiteKernels.Add, b, label)), $"residual {i}", F, F));
        }

        return [One(ops, ops.Map(SiteKernels.Relu, s), "logits", F, 8)];
    }

    private T Down<T>(INetOps<T> ops, T x, string name, long from, long to) =>
        ops.Conv(x, W(name, to, from, 2, 3), W(name + " bias", to), [1, 1], [1, 1], [1, 1], Sites);

    private T Right<T>(INetOps<T> ops, T x, string name, long from, long to) =>
        ops.Conv(x, W(name, to, from, 1, 2), W(name + " bias", to), [1, 1], [1, 1], [0, 1], Sites);

    private T One<T>(INetOps<T> ops, T x, string name, long from, long to) =>
        ops.Conv(x, W(name, to, from, 1, 1), W(name + " bias", to), [1, 1], [1, 1], [0, 0], Sites);
}
