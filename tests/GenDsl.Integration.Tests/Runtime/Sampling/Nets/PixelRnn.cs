using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

/// <summary>Recurrent layers over a sequence, with its positions.</summary>
internal sealed class PixelRnn : SampledNet
{
    public required bool IsGru { get; init; }

    public override long[] Sites => [23];

    public override long Channels => 1;

    public override SiteDraw Draw => SiteDraws.Bernoulli;

    public override Tensor Data() => Levels(2);

    public override T[] Text<T>(INetOps<T> ops)
    {
        var positions = ops.Constant(W("positions", 1, 2, 23));
        var x = ops.Concat(ops.Shift(ops.Map(SiteKernels.Scale(2, -1), ops.Root), 1), positions);
        long gates = IsGru ? 3 : 4, hidden = 10;
        var first = IsGru
            ? ops.Gru(x, W("a", gates * hidden, 3), W("b", gates * hidden, hidden), W("c", gates * hidden), W("d", gates * hidden))
            : ops.Lstm(x, W("a", gates * hidden, 3), W("b", gates * hidden, hidden), W("c", gates * hidden), W("d", gates * hidden));
        var second = IsGru
            ? ops.Gru(first, W("e", gates * hidden, hidden), W("f", gates * hidden, hidden), W("g", gates * hidden), null)
            : ops.Lstm(first, W("e", gates * hidden, hidden), W("f", gates * hidden, hidden), W("g", gates * hidden), null);
        return [ops.Conv(second, W("logits", 1, hidden, 1), W("logits bias", 1), [1], [1], [0], Sites)];
    }
}
