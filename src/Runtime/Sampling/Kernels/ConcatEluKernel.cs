using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>elu(x) joined with elu(-x).</summary>
internal sealed class ConcatEluKernel() : SiteKernel("concat_elu", SiteKernelKind.Parts)
{
    internal override long Features(long[] features) => 2 * Single(features);

    public override Tensor Apply(Tensor[] inputs) => Layers.ConcatElu(inputs[0], -1);

    internal override void Apply(in SiteSpans inputs, Span<float> result)
    {
        var x = inputs[0];
        VectorMath.Elu(x, result[..x.Length]);
        VectorMath.Negate(x, result[x.Length..]);
        VectorMath.Elu(result[x.Length..], result[x.Length..]);
    }
}
