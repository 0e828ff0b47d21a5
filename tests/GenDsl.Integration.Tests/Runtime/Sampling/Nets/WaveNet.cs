using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

/// <summary>Gated dilated convolutions over a sequence of classes without an axis of channels, with a condition per sample and one per site.</summary>
internal sealed class WaveNet : SampledNet
{
    private const int F = 12;

    public long Length { get; init; } = 40;

    public override long[] Sites => [Length];

    public override long Channels => 0;

    public override SiteDraw Draw => SiteDraws.Categorical(16);

    public override Tensor Data() => Levels(16);

    public override T[] Text<T>(INetOps<T> ops)
    {
        var label = ops.Constant(W("label", Count, 2 * F, 1));
        var melody = ops.Constant(W("melody", 3, Length));
        var h = ops.Shift(ops.Embed(ops.Root, W("table", 16, F)), 1);
        var local = ops.Conv(melody, W("local", 2 * F, 3, 3), W("local bias", 2 * F), [1], [1], [1], Sites);
        T? skip = default;
        for (var i = 0; i < 4; i++)
        {
            long dilation = 1 << i;
            var a = ops.Conv(h, W($"gate {i}", 2 * F, F, 2), W($"gate bias {i}", 2 * F), [1], [dilation], [dilation], Sites);
            var g = ops.Map(SiteKernels.Gated, ops.Map(SiteKernels.Add, a, label, local));
            var s = ops.Conv(g, W($"skip {i}", 20, F, 1), W($"skip bias {i}", 20), [1], [1], [0], Sites);
            skip = i == 0 ? s : ops.Map(SiteKernels.Add, skip!, s);
            h = ops.Map(SiteKernels.Add, h, ops.Conv(g, W($"residual {i}", F, F, 1), null, [1], [1], [0], Sites));
        }

        var head = ops.Map(SiteKernels.Relu, ops.Linear(ops.Map(SiteKernels.Relu, skip!), W("head", 17, 20), W("head bias", 17)));
        return [ops.Conv(head, W("logits", 16, 17, 1), W("logits bias", 16), [1], [1], [0], Sites)];
    }
}
