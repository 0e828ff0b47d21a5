using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Values that were chosen, with the gradient of what they were chosen by (Bengio et al. 2013, arXiv:1308.3432).</summary>
public static class StraightThrough
{
    /// <summary>The values, to the last bit, with a gradient that passes to <paramref name="x"/> as if the values were <paramref name="x"/>.</summary>
    /// <param name="x">What they were chosen by: vectors that were quantised, probabilities.</param>
    /// <param name="values">What was chosen, in the same shape.</param>
    /// <returns>A new tensor or handle.</returns>
    public static Tensor Of(Tensor x, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(values);
        if (!is_grad_enabled() || !x.requires_grad)
        {
            return values.alias();
        }

        // x - x is 0 whatever finite x is, so that the sum is the values exactly.
        using var still = x.detach();
        using var path = x.sub(still);
        return values.add(path, Held.Scalar(1));
    }
}
