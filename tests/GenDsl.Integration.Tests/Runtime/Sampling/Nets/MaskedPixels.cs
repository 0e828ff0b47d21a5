using GenDsl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

/// <summary>The PixelCNN of masked convolutions, its channels drawn one by one or at once.</summary>
internal sealed class MaskedPixels : SampledNet
{
    /// <summary>Channels drawn one by one: three; at once: one.</summary>
    public required bool IsByChannel { get; init; }

    /// <summary>True for features that the halves of a gate keep in their classes.</summary>
    public bool IsGated { get; init; }

    public override long[] Sites => [5, 6];

    public override long Channels => IsByChannel ? 3 : 1;

    public override bool IsOrdered => IsByChannel;

    public override SiteDraw Draw => SiteDraws.Categorical(8);

    public override Tensor Data() => Levels(8);

    public override T[] Text<T>(INetOps<T> ops)
    {
        long c = Channels, f = 12;
        var s = Conv(ops, ops.Embed(ops.Root, W("table", 8, 4)), "first", 4 * c, f, 5, true);
        for (var i = 0; i < 2; i++)
        {
            var a = IsGated
                ? ops.Map(SiteKernels.Gated, Conv(ops, s, $"gate {i}", f, 2 * f, 3, false))
                : Conv(ops, ops.Map(SiteKernels.Relu, s), $"layer {i}", f, f, 3, false);
            s = ops.Map(SiteKernels.Add, s, a, ops.Constant(W("offset", f, 1, 1)));
        }

        return [Conv(ops, ops.Map(SiteKernels.Relu, s), "logits", f, 8 * c, 1, false)];
    }

    private T Conv<T>(INetOps<T> ops, T x, string name, long from, long to, long kernel, bool strict)
    {
        var centre = kernel / 2;
        var weight = Masked(name, [to, from, kernel, kernel], i =>
        {
            var (own, read) = (i[0] % Channels, i[1] % Channels);
            return i[2] < centre || (i[2] == centre && (i[3] < centre || (i[3] == centre && (strict ? read < own : read <= own))));
        });
        return ops.MaskedConv(x, weight, W(name + " bias", to), [centre, centre], Sites, Channels, strict);
    }
}
