using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>factor · x + offset.</summary>
internal sealed class ScaleKernel(double factor, double offset) : SiteKernel("scale", SiteKernelKind.Pointwise)
{
    private readonly Scalar _factor = Held.Scalar(factor);
    private readonly Scalar _offset = Held.Scalar(offset);

    internal override long Features(long[] features) => Single(features);

    public override Tensor Apply(Tensor[] inputs)
    {
        var result = inputs[0].mul(_factor);
        return result.add_(_offset);
    }

    internal override void Apply(in SiteSpans inputs, Span<float> result) => VectorMath.Scale(inputs[0], (float)factor, (float)offset, result);
}
