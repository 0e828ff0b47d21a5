using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A function of one number, or of the features of a site.</summary>
internal sealed class UnaryKernel(string name, Func<Tensor, Tensor> tensors, UnaryKernel.Span spans, SiteKernelKind kind = SiteKernelKind.Pointwise)
    : SiteKernel(name, kind)
{
    public delegate void Span(ReadOnlySpan<float> x, Span<float> result);

    internal override long Features(long[] features) => Single(features);

    public override Tensor Apply(Tensor[] inputs) => tensors(inputs[0]);

    internal override void Apply(in SiteSpans inputs, Span<float> result) => spans(inputs[0], result);
}
