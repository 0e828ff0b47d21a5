using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>What generated code says beside operations.</content>
public sealed partial class SamplerPlan
{
    /// <summary>Takes a tensor over, to be freed with the plan.</summary>
    /// <returns>The same tensor.</returns>
    public Tensor Hold(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Owned(tensor);
    }

    /// <summary>Takes tensors over, to be freed with the plan.</summary>
    /// <returns>The same tensors.</returns>
    public Tensor[] Hold(Tensor[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        Array.ForEach(tensors, tensor => Owned(tensor));
        return tensors;
    }

    /// <summary>One number at every site.</summary>
    public SiteValue Number(double value)
    {
        using var single = tensor(value, Type, Device);
        return Constant(single, hasRows: false);
    }

    /// <summary>A tensor of zeros that takes the memory of one, for what asks only for sizes and rows.</summary>
    /// <param name="shape">Per-sample shape.</param>
    public Tensor Blank(params long[] shape)
    {
        using var zero = zeros(1, Type, Device);
        return Hold(zero.expand([Count, .. shape]));
    }
}
