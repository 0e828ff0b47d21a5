using System.Globalization;
using System.Linq;

namespace GenDsl.Integration.Tests.Soundness;

/// <content>What nets of images are made of: other numbers of sites, statistics of a sample, attention.</content>
internal sealed partial class BodySketch
{
    private (string Stage, ValueSketch Next)? Sites(ValueSketch v) => (v.Rank, random.Next(14)) switch
    {
        ( > 1, 0) => (Of("instance_norm", "instance_norm(eps: 1e-3)", "group_norm(1)", "group_norm(1, eps: 1e-3)"), v.As(Span.All)),
        ( > 0, 1) => (Of("layer_norm", "group_norm(1)", "layer_norm(over: features)", "group_norm(1, eps: 1e-3)", "layer_norm(eps: 1e-3)"), v.As(Span.All)),
        ( > 0, 2) => ($"channel_affine{Of("", "(init: normal(1, 0.02))")}", v.As(Span.All)),
        (2 or 3, 3) => ($"upsample{Of("", "(2, mode: bilinear)")}", v with { Dims = [v.Dims[0], .. v.Dims.Skip(1).Select(d => $"2 * {Bracketed(d)}")] }),
        (2 or 3, 4 or 5) => (Of("upsample(4) |> avg_pool(2) |> max_pool(2)", "upsample |> max_pool(2) |> upsample |> avg_pool(2)"), v),
        (2 or 3, 8) when Least(v) is >= 2 and var size && v.Dims.Skip(1).All(d => d == v.Dims[1]) => ($"{Of("avg_pool", "max_pool")}(2)", v with { Dims = [v.Dims[0], .. v.Dims.Skip(1).Select(_ => (size / 2).ToString(CultureInfo.InvariantCulture))] }),
        (2, 6) => ("transpose", v with { Dims = [v.Dims[1], v.Dims[0]] }),
        (3, 7 or 9) => ("conv(8, kernel: 1) |> SelfAttention", v with { Dims = ["8", .. v.Dims.Skip(1)], Span = Span.All }),
        ( > 0, 10) => (v.HasRows ? Of("unit", "unit(per: sample)") : "unit", v.As(Span.Bounded)),
        ( > 0, 11) => ($"softmax |> sharpen({Of("0.5", "2")})", v.As(Span.Unit)),
        ( > 0, 12) => ("entropy", v with { Dims = [.. v.Dims.Skip(1)], Span = Span.All }),
        ( > 0, 13) => ($"{Of("max", "min")}({(v.HasRows ? Of("over: 0", "over: -1", "per: sample") : "over: 0")})" is var call && call.Contains("per", System.StringComparison.Ordinal) ? (call, v with { Dims = [] }) : (call, v with { Dims = call.Contains('-', System.StringComparison.Ordinal) ? [.. v.Dims.SkipLast(1)] : [.. v.Dims.Skip(1)] })),
        _ => null,
    };

    // The sites of an axis, where they are a number.
    private static long Least(ValueSketch v) => v.Dims.Skip(1).Min(d => long.TryParse(d, CultureInfo.InvariantCulture, out long size) ? size : 0);

    private ValueSketch? Pair(ValueSketch v)
    {
        if (v.Rank == 2 && random.Next(2) == 0)
        {
            return new($"matmul({v.Text}, transpose({Of(v.Text, $"tanh({v.Text})")}))", [v.Dims[0], v.Dims[0]], Span.All, v.HasRows);
        }

        if (v.Rank is not (1 or 2 or 3) || !v.HasRows || _values.All(x => !x.HasRows || x.Span == Span.Bits))
        {
            return null;
        }

        string scale = Reach([v.Dims[0]]).Text;
        return v with { Text = $"{(v.Rank > 1 ? Of("adain", "modulate") : "modulate")}({v.Text}, {scale}, {scale})", Span = Span.All };
    }
}
