using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>elu(x) joined with elu(-x).</summary>
internal sealed class ConcatEluKernel() : SiteKernel("concat_elu", SiteKernelKind.Parts)
{
    internal override long Features(long[] features) => 2 * Single(features);

    public override Tensor Apply(Tensor[] inputs)
    {
        using var negative = inputs[0].neg();
        using var both = cat([inputs[0], negative], -1);
        return nn.functional.elu(both, 1.0);
    }

    internal override void Apply(in SiteSpans inputs, Span<float> result)
    {
        var x = inputs[0];
        VectorMath.Elu(x, result[..x.Length]);
        VectorMath.Negate(x, result[x.Length..]);
        VectorMath.Elu(result[x.Length..], result[x.Length..]);
    }
}
