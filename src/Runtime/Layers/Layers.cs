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
    /// <param name="weight">Shape <c>[c]</c>, or null for a gain of 1.</param>
    /// <param name="bias">Shape <c>[c]</c>, or null.</param>
    /// <param name="runningMean">Shape <c>[c]</c>.</param>
    /// <param name="runningVar">Shape <c>[c]</c>, unbiased.</param>
    /// <param name="mode">How the net is called.</param>
    /// <param name="momentum">The share of the batch in a move of the running statistics.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <exception cref="GenDslException">In training there is one value per channel.</exception>
    public static Tensor BatchNorm(
        Tensor x, Tensor? weight, Tensor? bias, Tensor runningMean, Tensor runningVar, Mode mode, double momentum, double eps)
    {
        // libtorch itself would divide by zero degrees of freedom and leave NaN in the running variance.
        if (!mode.IsEvaluation && x.numel() == x.size(1))
        {
            throw new GenDslException("Batch normalisation in training needs more than one value per channel, but the batch has a single row without sites. Use a larger batch.");
        }

        if (mode.IsEvaluation || mode.IsLearning)
        {
            return nn.functional.batch_norm(x, runningMean, runningVar, weight, bias, mode.IsLearning, momentum, eps);
        }

        // TorchSharp's own takes no call without running statistics.
        return Scripts.BatchNorm(x, weight, bias, eps);
    }

    /// <summary>Dropout (Srivastava et al. 2014) with addressed randomness: zeroes elements with probability <paramref name="p"/> and scales the rest by 1/(1 - p); the identity (a new handle) in evaluation.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="p">A probability in [0, 1).</param>
    /// <param name="mode">How the net is called.</param>
    /// <param name="draws">Where the mask is drawn.</param>
    /// <param name="perSample">Whether all numbers of a row are kept or dropped together: stochastic depth (Huang et al. 2016) of a residual branch.</param>
    /// <exception cref="GenDslException">The probability is none, or 1.</exception>
    public static Tensor Dropout(Tensor x, double p, Mode mode, Draws draws, bool perSample = false)
    {
        if (!(p >= 0 && p < 1))
        {
            throw new GenDslException(string.Create(CultureInfo.InvariantCulture, $"The probability of dropout must be in [0, 1), but it is {p}."));
        }

        if (mode.IsEvaluation || p == 0)
        {
            return x.alias();
        }

        using var mask = perSample ? empty(PerRow(x), x.dtype, x.device) : empty_like(x, requires_grad: false);
        draws.FillKeep(mask, 1 - p);
        mask.div_(Held.Scalar(1 - p));
        return x * mask;
    }

    // One number for each row, of as many axes.
    private static long[] PerRow(Tensor x)
    {
        var shape = new long[x.dim()];
        Array.Fill(shape, 1);
        shape[0] = x.size(0);
        return shape;
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

    /// <summary>
    /// The weight of a weight-normalised layer (Salimans and Kingma 2016): <c>g * v / ||v||</c>, a norm per output feature.
    /// </summary>
    /// <param name="v">The direction, in the shape of the weight.</param>
    /// <param name="g">The gain: the shape of the weight with size 1 in all axes but <paramref name="axis"/>.</param>
    /// <param name="axis">The axis of the output features.</param>
    /// <remarks>
    /// Not <c>torch._weight_norm</c>: its fused kernel, some three times as fast, is silently wrong in second derivatives
    /// (libtorch 2.10, axis 0).
    /// </remarks>
    public static Tensor WeightNorm(Tensor v, Tensor g, int axis)
    {
        ArgumentNullException.ThrowIfNull(v);
        ArgumentNullException.ThrowIfNull(g);
        using var squares = v.square();
        using var lengths = squares.sum(Others(v, axis), keepdim: true);
        using var inverse = lengths.rsqrt();
        using var scale = g.mul(inverse);
        return v.mul(scale);
    }

    /// <summary>
    /// Data-dependent initialisation (Salimans and Kingma 2016): in the pass before the first step, sets gain and bias of a layer
    /// so that what it computes has mean 0 and standard deviation 1 over rows and sites, and standardises it accordingly. A
    /// layer that is called several times is set by its first call. A feature that is constant over the batch keeps its gain.
    /// </summary>
    /// <param name="y">What the layer computes, <c>[n, c, ...]</c>; changed in place.</param>
    /// <param name="gain">A factor of the layer's weight with c numbers; changed in place.</param>
    /// <param name="bias">Shape <c>[c]</c>; changed in place.</param>
    /// <exception cref="InvalidOperationException">No such pass is running.</exception>
    public static void InitialiseFromData(Tensor y, Tensor gain, Tensor bias)
    {
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(gain);
        ArgumentNullException.ThrowIfNull(bias);
        if (!InitialPass.IsFirst(gain))
        {
            return;
        }

        using var frozen = no_grad();
        var axes = Others(y, 1);
        using var mean = y.mean(axes, keepdim: true);
        y.sub_(mean);
        using var squares = y.square();
        using var variance = squares.mean(axes, keepdim: true);
        using var isConstant = variance.le(Held.Scalar(1e-10));
        variance.masked_fill_(isConstant, Held.Scalar(1));
        using var deviation = variance.sqrt();
        y.div_(deviation);
        using var perGain = deviation.reshape(gain.shape);
        using var perBias = deviation.reshape(bias.shape);
        using var shift = mean.reshape(bias.shape);
        gain.div_(perGain);
        bias.sub_(shift);
        bias.div_(perBias);
    }

    /// <summary>All axes of a tensor but one.</summary>
    internal static long[] Others(Tensor tensor, long axis)
    {
        var axes = new long[tensor.dim() - 1];
        for (var i = 0; i < axes.Length; i++)
        {
            axes[i] = i < axis ? i : i + 1;
        }

        return axes;
    }
}
