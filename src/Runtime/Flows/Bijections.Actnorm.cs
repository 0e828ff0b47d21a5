using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Activation normalisation (Kingma and Dhariwal 2018, Glow, arXiv:1807.03039).</content>
public static partial class Bijections
{
    /// <summary><c>(x + bias) * exp(logScale)</c> per channel.</summary>
    /// <param name="x">Shape <c>[N, c, ...]</c>.</param>
    /// <param name="bias">Shape <c>[c]</c>.</param>
    /// <param name="logScale">Shape <c>[c]</c>.</param>
    public static Tensor Actnorm(Tensor x, Tensor bias, Tensor logScale)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(bias);
        ArgumentNullException.ThrowIfNull(logScale);
        using var shift = PerChannel(bias, x.dim());
        using var moved = x.add(shift, Held.Scalar(1));
        using var scale = logScale.exp();
        using var perChannel = PerChannel(scale, x.dim());
        return moved.mul(perChannel);
    }

    /// <summary>The same, which in the pass before the first step sets the parameters from its batch.</summary>
    /// <param name="x">Shape <c>[N, c, ...]</c>.</param>
    /// <param name="bias">Shape <c>[c]</c>.</param>
    /// <param name="logScale">Shape <c>[c]</c>.</param>
    /// <param name="mode">What the call is for.</param>
    public static Tensor Actnorm(Tensor x, Tensor bias, Tensor logScale, Mode mode)
    {
        if (mode.IsInitial)
        {
            InitialiseActnorm(x, bias, logScale);
        }

        return Actnorm(x, bias, logScale);
    }

    /// <summary>Undoes <see cref="Actnorm(Tensor, Tensor, Tensor)"/>: <c>y * exp(-logScale) - bias</c>.</summary>
    /// <param name="y">Shape <c>[N, c, ...]</c>.</param>
    /// <param name="bias">Shape <c>[c]</c>.</param>
    /// <param name="logScale">Shape <c>[c]</c>.</param>
    public static Tensor ActnormInverse(Tensor y, Tensor bias, Tensor logScale)
    {
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(bias);
        ArgumentNullException.ThrowIfNull(logScale);
        using var negative = logScale.neg();
        using var scale = negative.exp();
        using var perChannel = PerChannel(scale, y.dim());
        using var scaled = y.mul(perChannel);
        using var shift = PerChannel(bias, y.dim());
        return scaled.sub(shift);
    }

    /// <summary>The log-determinant of <see cref="Actnorm(Tensor, Tensor, Tensor)"/>.</summary>
    /// <param name="x">Its argument or result, <c>[N, c, sites...]</c>: only the shape is read.</param>
    /// <param name="logScale">Shape <c>[c]</c>.</param>
    /// <returns>The number of sites times the sum of <paramref name="logScale"/>, <c>[N]</c>.</returns>
    public static Tensor ActnormLogDet(Tensor x, Tensor logScale)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(logScale);
        return PerSite(x, logScale);
    }

    /// <summary>
    /// In the pass before the first step, sets both parameters so that the result for this batch has mean 0 and variance 1 per channel over
    /// samples and sites. A layer that is called several times is set by its first call.
    /// </summary>
    /// <param name="x">The argument of <see cref="Actnorm(Tensor, Tensor, Tensor)"/>, <c>[N, c, ...]</c>; left alone. A deviation below 1e-6 counts as 1e-6.</param>
    /// <param name="bias">Shape <c>[c]</c>; changed in place, without gradients.</param>
    /// <param name="logScale">Shape <c>[c]</c>; changed in place, without gradients.</param>
    /// <exception cref="InvalidOperationException">No such pass is running.</exception>
    internal static void InitialiseActnorm(Tensor x, Tensor bias, Tensor logScale)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(bias);
        ArgumentNullException.ThrowIfNull(logScale);
        if (!InitialPass.IsFirst(logScale))
        {
            return;
        }

        using var frozen = no_grad();
        var (mean, variance) = Moments(x);
        using var negativeMean = mean.neg();
        using var deviation = variance.sqrt();
        mean.Dispose();
        variance.Dispose();
        using var least = deviation.clamp_min(Held.Scalar(1e-6));
        using var log = least.log();
        using var negativeLog = log.neg();
        using var flat = negativeMean.reshape(bias.shape);
        bias.copy_(flat);
        logScale.copy_(negativeLog);
    }

    // Numbers [c] that hold at every site of a sample, summed: [N].
    private static Tensor PerSite(Tensor x, Tensor logs)
    {
        using var sum = logs.sum();
        using var sites = Sites(x).ToScalar();
        using var total = sum.mul(sites);
        return ForEverySample(total, x.size(0));
    }
}
