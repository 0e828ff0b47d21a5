using System;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A kernel that has no span form.</summary>
internal sealed class TensorKernel(Func<Tensor[], Tensor> function, SiteKernelKind kind) : SiteKernel("function", kind)
{
    internal override bool HasSpanForm => false;

    internal override long Features(long[] features)
    {
        // The function alone knows; sizes do not depend on the device.
        using var frozen = no_grad();
        var probes = features.Select(count => ones(1, 1, count)).ToArray();
        try
        {
            using var result = function(probes);
            return result.size(-1);
        }
        finally
        {
            Array.ForEach(probes, probe => probe.Dispose());
        }
    }

    public override Tensor Apply(Tensor[] inputs) => function(inputs);

    internal override void Apply(in SiteSpans inputs, Span<float> result) => throw new InvalidOperationException("Internal error of GenDsl: a tensor kernel was run on spans.");
}
