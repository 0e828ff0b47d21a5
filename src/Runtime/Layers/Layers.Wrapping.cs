using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Weights that are made of other tensors.</content>
public static partial class Layers
{
    /// <summary>
    /// The weight of a spectrally normalised layer (Miyato et al. 2018): <c>W / sigma</c> with <c>sigma = u' W v</c>, the largest singular value of
    /// the weight as a matrix [out, in * taps], where v is <c>W' u</c> of length 1. u and v are constants for gradients: dL/dW is
    /// <c>(G - &lt;G, W / sigma&gt; u v') / sigma</c>, G being the gradient of the result.
    /// </summary>
    /// <param name="weight">The weight before normalisation.</param>
    /// <param name="u">The power vector; moves of the weight advance it, calls do not.</param>
    /// <param name="axis">The axis of the output features.</param>
    public static Tensor SpectralNorm(Tensor weight, Tensor u, int axis)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(u);
        using var matrix = PowerIteration.Matrix(weight, axis);
        using var v = PowerIteration.Right(matrix, u);
        using var image = matrix.mv(v);
        using var sigma = image.dot(u);
        using var above = sigma.clamp_min(Held.Scalar(PowerIteration.Smallest));
        return weight.div(above);
    }

    /// <summary>
    /// The weight of a layer with equalised learning rate (Karras et al. 2018): <c>gain / sqrt(fan in) * W</c>, where W is born standard normal, so
    /// that steps of one size mean as much in every layer.
    /// </summary>
    /// <param name="weight">The weight that is learned.</param>
    /// <param name="axis">The axis of the output features.</param>
    /// <param name="gain">sqrt(2) before a rectifier, 1 before nothing.</param>
    public static Tensor EqualLr(Tensor weight, int axis, double gain)
    {
        ArgumentNullException.ThrowIfNull(weight);
        return weight.mul(Held.Scalar(gain / Math.Sqrt((double)weight.numel() / weight.size(axis))));
    }
}
