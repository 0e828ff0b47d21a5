using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

/// <summary>Gated dilated convolutions over a sequence of classes without an axis of channels; on demand with a condition per sample and one per site.</summary>
internal sealed class WaveNet : SampledNet
{
    public long Length { get; init; } = 40;

    public int Features { get; init; } = 12;

    public int Skip { get; init; } = 20;

    public int Head { get; init; } = 17;

    public int Classes { get; init; } = 16;

    public int Layers { get; init; } = 4;

    /// <summary>Dilations are 1, 2, 4, ... so many times, again and again.</summary>
    public int Cycle { get; init; } = 10;

    public bool HasConditions { get; init; } = true;

    public override long[] Sites => [Length];

    public override long Channels => 0;

    public override SiteDraw Draw => SiteDraws.Categorical(Classes);

    public override Tensor Data() => Levels(Classes);

    public override T[] Text<T>(INetOps<T> ops)
    {
        int f = Features;
        var h = ops.Shift(ops.Embed(ops.Root, W("table", Classes, f)), 1);
        T? skip = default;
        for (var i = 0; i < Layers; i++)
        {
            long dilation = 1 << (i % Cycle);
            var a = ops.Conv(h, W($"gate {i}", 2 * f, f, 2), W($"gate bias {i}", 2 * f), [1], [dilation], [dilation], Sites);
            var g = ops.Map(SiteKernels.Gated, HasConditions ? Conditioned(ops, a) : a);
            var s = ops.Conv(g, W($"skip {i}", Skip, f, 1), W($"skip bias {i}", Skip), [1], [1], [0], Sites);
            skip = i == 0 ? s : ops.Map(SiteKernels.Add, skip!, s);
            h = ops.Map(SiteKernels.Add, h, ops.Conv(g, W($"residual {i}", f, f, 1), null, [1], [1], [0], Sites));
        }

        var head = ops.Map(SiteKernels.Relu, ops.Linear(ops.Map(SiteKernels.Relu, skip!), W("head", Head, Skip), W("head bias", Head)));
        return [ops.Conv(head, W("logits", Classes, Head, 1), W("logits bias", Classes), [1], [1], [0], Sites)];
    }

    private T Conditioned<T>(INetOps<T> ops, T x)
    {
        var label = ops.Constant(W("label", Count, 2 * Features, 1));
        var melody = ops.Constant(W("melody", 3, Length));
        var local = ops.Conv(melody, W("local", 2 * Features, 3, 3), W("local bias", 2 * Features), [1], [1], [1], Sites);
        return ops.Map(SiteKernels.Add, x, label, local);
    }
}
