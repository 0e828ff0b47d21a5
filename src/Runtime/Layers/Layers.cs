using System;
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>What nets need and one TorchSharp call cannot say.</summary>
public static partial class Layers
{
    /// <summary>
    /// Batch normalisation (Ioffe and Szegedy 2015) per channel of axis 1. <see cref="Mode.Evaluate"/> uses the running statistics;
    /// <see cref="Mode.Train"/> those of the batch, leaving the running ones alone; <see cref="Mode.Learn"/> also moves these.
    /// </summary>
    /// <param name="x">Shape <c>[n, c, ...]</c>.</param>
    /// <param name="weight">Shape <c>[c]</c>.</param>
    /// <param name="bias">Shape <c>[c]</c>.</param>
    /// <param name="runningMean">Shape <c>[c]</c>.</param>
    /// <param name="runningVar">Shape <c>[c]</c>, unbiased.</param>
    /// <param name="mode">How the net is called.</param>
    /// <param name="momentum">The share of the batch in a move of the running statistics.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <exception cref="GenDslException">In training there is one value per channel.</exception>
    public static Tensor BatchNorm(
        Tensor x, Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVar, Mode mode, double momentum, double eps)
    {
        // libtorch itself would divide by zero degrees of freedom and leave NaN in the running variance.
        if (mode != Mode.Evaluate && x.numel() == x.size(1))
        {
            throw new GenDslException("Batch normalisation in training needs more than one value per channel, but the batch has a single row without sites. Use a larger batch.");
        }

        return mode == Mode.Train
            ? Scripts.BatchNorm(x, weight, bias, eps)
            : nn.functional.batch_norm(x, runningMean, runningVar, weight, bias, mode == Mode.Learn, momentum, eps);
    }

    /// <summary>Dropout (Srivastava et al. 2014) with addressed randomness: zeroes elements with probability <paramref name="p"/> and scales the rest by 1/(1 - p); the identity (a new handle) in evaluation.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="p">A probability in [0, 1).</param>
    /// <param name="mode">How the net is called.</param>
    /// <param name="draws">Where the mask is drawn.</param>
    /// <exception cref="GenDslException">The probability is none, or 1.</exception>
    public static Tensor Dropout(Tensor x, double p, Mode mode, Draws draws)
    {
        if (!(p >= 0 && p < 1))
        {
            throw new GenDslException(string.Create(CultureInfo.InvariantCulture, $"The probability of dropout must be in [0, 1), but it is {p}."));
        }

        if (mode == Mode.Evaluate || p == 0)
        {
            return x.alias();
        }

        using var mask = empty_like(x, requires_grad: false);
        draws.FillKeep(mask, 1 - p);
        mask.div_(Held.Scalar(1 - p));
        return x * mask;
    }

    /// <summary>A tensor all of one number: what an accumulator starts from.</summary>
    /// <param name="like">Gives the device, the rows and, if it holds real numbers, the type.</param>
    /// <param name="value">The number.</param>
    /// <param name="shape">The shape; a first size of -1 stands for the rows of <paramref name="like"/>.</param>
    public static Tensor Fill(Tensor like, double value, params long[] shape)
    {
        ArgumentNullException.ThrowIfNull(like);
        ArgumentNullException.ThrowIfNull(shape);
        var sizes = shape.Length > 0 && shape[0] < 0 ? [like.size(0), .. shape[1..]] : shape;
        return full(sizes, Held.Scalar(value), like.is_floating_point() ? like.dtype : get_default_dtype(), like.device);
    }
}
