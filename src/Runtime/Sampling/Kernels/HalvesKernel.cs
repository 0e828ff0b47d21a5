using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A function of the two halves of the features.</summary>
internal sealed class HalvesKernel(string name, Func<Tensor, Tensor, Tensor> tensors, FoldKernel.Pair spans) : SiteKernel(name, SiteKernelKind.Parts)
{
    internal override long Features(long[] features)
    {
        var count = Single(features);
        return count % 2 == 0 ? count / 2 : throw new ArgumentException(FormattableString.Invariant($"'{Name}' needs an even number of features, not {count}."));
    }

    public override Tensor Apply(Tensor[] inputs)
    {
        var half = inputs[0].size(-1) / 2;
        using var a = inputs[0].narrow(-1, 0, half);
        using var b = inputs[0].narrow(-1, half, half);
        return tensors(a, b);
    }

    internal override void Apply(in SiteSpans inputs, Span<float> result)
    {
        var x = inputs[0];
        spans(x[..result.Length], x[result.Length..], result);
    }
}
