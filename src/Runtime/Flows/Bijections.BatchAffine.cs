using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Batch normalisation as a flow (Dinh et al. 2017, arXiv:1605.08803; Papamakarios et al. 2017, arXiv:1705.07057).</content>
public static partial class Bijections
{
    /// <summary>
    /// <c>(x - mean) / sqrt(variance + eps) * exp(logGamma) + beta</c> per feature, with the running statistics in <see cref="Mode.Evaluate"/> and those
    /// of the batch (the biased variance) otherwise; <see cref="Mode.Learn"/> also moves the running ones, as <see cref="Layers.BatchNorm"/> does.
    /// </summary>
    /// <param name="x">Shape <c>[N, c, ...]</c>.</param>
    /// <param name="logGamma">Shape <c>[c]</c>.</param>
    /// <param name="beta">Shape <c>[c]</c>.</param>
    /// <param name="runningMean">Shape <c>[c]</c>.</param>
    /// <param name="runningVar">Shape <c>[c]</c>, unbiased.</param>
    /// <param name="momentum">The share of the batch in a move of the running statistics.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <param name="mode">How the flow is called.</param>
    /// <exception cref="GenDslException">In training there is one value per feature.</exception>
    public static Tensor BatchAffine(Tensor x, Tensor logGamma, Tensor beta, Tensor runningMean, Tensor runningVar, double momentum, double eps, Mode mode)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(logGamma);
        using var gamma = logGamma.exp();
        return Layers.BatchNorm(x, gamma, beta, runningMean, runningVar, mode, momentum, eps);
    }

    /// <summary>
    /// The log-determinant of <see cref="BatchAffine"/> in the same mode, the statistics taken as constants; in training it carries the gradient of the
    /// batch variance.
    /// </summary>
    /// <param name="x">Its argument, <c>[N, c, sites...]</c>.</param>
    /// <param name="logGamma">Shape <c>[c]</c>.</param>
    /// <param name="runningVar">Shape <c>[c]</c>.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <param name="mode">How the flow is called; writes nothing in any.</param>
    /// <returns>The number of sites times the sum of <c>logGamma - log(variance + eps) / 2</c>, <c>[N]</c>.</returns>
    public static Tensor BatchAffineLogDet(Tensor x, Tensor logGamma, Tensor runningVar, double eps, Mode mode)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(logGamma);
        ArgumentNullException.ThrowIfNull(runningVar);
        using var variance = mode.IsEvaluation ? runningVar.alias() : BatchVariance(x);
        using var positive = variance.add(Held.Scalar(eps));
        using var log = positive.log();
        using var half = log.mul(Held.Scalar(0.5));
        using var each = logGamma.sub(half);
        return PerSite(x, each);
    }

    /// <summary>Undoes <see cref="BatchAffine"/> in <see cref="Mode.Evaluate"/>, with the running statistics.</summary>
    /// <param name="y">Shape <c>[N, c, ...]</c>.</param>
    /// <param name="logGamma">Shape <c>[c]</c>.</param>
    /// <param name="beta">Shape <c>[c]</c>.</param>
    /// <param name="runningMean">Shape <c>[c]</c>.</param>
    /// <param name="runningVar">Shape <c>[c]</c>.</param>
    /// <param name="eps">Added to the variance.</param>
    public static Tensor BatchAffineInverse(Tensor y, Tensor logGamma, Tensor beta, Tensor runningMean, Tensor runningVar, double eps)
    {
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(logGamma);
        ArgumentNullException.ThrowIfNull(beta);
        ArgumentNullException.ThrowIfNull(runningMean);
        ArgumentNullException.ThrowIfNull(runningVar);
        using var shift = PerChannel(beta, y.dim());
        using var moved = y.sub(shift);
        using var positive = runningVar.add(Held.Scalar(eps));
        using var deviation = positive.sqrt();
        using var gamma = logGamma.exp();
        using var ratio = deviation.div(gamma);
        using var scale = PerChannel(ratio, y.dim());
        using var scaled = moved.mul(scale);
        using var mean = PerChannel(runningMean, y.dim());
        return scaled.add(mean, Held.Scalar(1));
    }

    private static Tensor BatchVariance(Tensor x)
    {
        var (mean, variance) = Moments(x);
        mean.Dispose();
        return variance;
    }
}
