using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A function of two numbers, folded over the inputs from the left.</summary>
internal sealed class FoldKernel(string name, Func<Tensor, Tensor, Tensor> tensors, FoldKernel.Pair pair, FoldKernel.Right right)
    : SiteKernel(name, SiteKernelKind.Pointwise)
{
    public delegate void Pair(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result);

    public delegate void Right(ReadOnlySpan<float> a, float b, Span<float> result);

    internal override long Features(long[] features) => Common(features);

    public override Tensor Apply(Tensor[] inputs)
    {
        var result = inputs.Length == 1 ? inputs[0].clone() : tensors(inputs[0], inputs[1]);
        for (var i = 2; i < inputs.Length; i++)
        {
            using var before = result;
            result = tensors(before, inputs[i]);
        }

        return result;
    }

    internal override void Apply(in SiteSpans inputs, Span<float> result)
    {
        var left = inputs[0];
        if (left.Length != result.Length)
        {
            result.Fill(left[0]);
            left = result;
        }

        for (var i = 1; i < inputs.Count; i++)
        {
            var next = inputs[i];
            if (next.Length == result.Length)
            {
                pair(left, next, result);
            }
            else
            {
                right(left, next[0], result);
            }

            left = result;
        }

        if (inputs.Count == 1)
        {
            left.CopyTo(result);
        }
    }
}
