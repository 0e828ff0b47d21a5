using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A function of one number.</summary>
internal sealed class UnaryKernel(string name, Func<Tensor, Tensor> tensors, UnaryKernel.Span spans) : SiteKernel(name, SiteKernelKind.Pointwise)
{
    public delegate void Span(ReadOnlySpan<float> x, Span<float> result);

    internal override long Features(long[] features) => Single(features);

    internal override Tensor Apply(Tensor[] inputs) => tensors(inputs[0]);

    internal override void Apply(in SiteSpans inputs, Span<float> result) => spans(inputs[0], result);
}
