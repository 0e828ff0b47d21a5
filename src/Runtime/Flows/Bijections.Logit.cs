using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>The logistic function and its inverse.</content>
public static partial class Bijections
{
    /// <summary>
    /// <c>log p - log(1 - p)</c> with <c>p = alpha + (1 - 2 alpha) x</c>: numbers of the unit interval on the whole line, with a margin
    /// that keeps the ends finite (Dinh et al. 2017, arXiv:1605.08803; Papamakarios et al. 2017, arXiv:1705.07057).
    /// </summary>
    /// <param name="x">Numbers in [0, 1], any shape.</param>
    /// <param name="alpha">The margin, in [0, 0.5); 0 is the plain logit, infinite at 0 and 1.</param>
    /// <returns>A new tensor of the same shape.</returns>
    /// <exception cref="GenDslException">The margin is out of range.</exception>
    public static Tensor Logit(Tensor x, double alpha)
    {
        ArgumentNullException.ThrowIfNull(x);
        CheckMargin(alpha);
        if (alpha == 0)
        {
            return InverseSigmoid(x);
        }

        using var p = x.mul(Held.Scalar(1 - 2 * alpha));
        p.add_(Held.Scalar(alpha));
        return InverseSigmoid(p);
    }

    /// <summary>Undoes <see cref="Logit"/>: <c>(sigmoid(y) - alpha) / (1 - 2 alpha)</c>.</summary>
    /// <param name="y">Any real numbers; those beyond the logits of the margin fall outside of [0, 1].</param>
    /// <param name="alpha">The margin, in [0, 0.5).</param>
    /// <exception cref="GenDslException">The margin is out of range.</exception>
    public static Tensor InverseLogit(Tensor y, double alpha)
    {
        ArgumentNullException.ThrowIfNull(y);
        CheckMargin(alpha);
        if (alpha == 0)
        {
            return y.sigmoid();
        }

        using var p = y.sigmoid();
        using var shifted = p.sub(Held.Scalar(alpha));
        return shifted.div(Held.Scalar(1 - 2 * alpha));
    }

    /// <summary>The log-determinant of <see cref="Logit"/>, from its result.</summary>
    /// <param name="y">What <see cref="Logit"/> gave, <c>[N, ...]</c>.</param>
    /// <param name="alpha">The margin, in [0, 0.5).</param>
    /// <returns>The sum of <c>softplus(y) + softplus(-y) + log(1 - 2 alpha)</c> per sample, <c>[N]</c>.</returns>
    /// <exception cref="GenDslException">The margin is out of range.</exception>
    public static Tensor LogitLogDet(Tensor y, double alpha)
    {
        ArgumentNullException.ThrowIfNull(y);
        CheckMargin(alpha);
        using var slope = LogSigmoidSlope(y);

        // The sign and the constant once per sample instead of once per number.
        var total = SumPerSample(slope).neg_();
        return alpha == 0 ? total : total.add_(Held.Scalar(Math.Log(1 - 2 * alpha) * (y.numel() / Math.Max(1, y.size(0)))));
    }

    /// <summary>The log-determinant of <c>sigmoid</c>, from its argument.</summary>
    /// <param name="x">Any real numbers, <c>[N, ...]</c>.</param>
    /// <returns>The sum of <c>-softplus(x) - softplus(-x)</c> per sample, <c>[N]</c>.</returns>
    public static Tensor SigmoidLogDet(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var each = LogSigmoidSlope(x);
        return SumPerSample(each);
    }

    /// <summary>Undoes <c>sigmoid</c>: <c>log y - log(1 - y)</c>.</summary>
    /// <param name="y">Numbers in (0, 1), any shape; 0 and 1 become infinite.</param>
    public static Tensor InverseSigmoid(Tensor y)
    {
        ArgumentNullException.ThrowIfNull(y);
        var log = y.log();
        using var negative = y.neg();
        using var rest = negative.log1p();
        return log.sub_(rest);
    }

    // log sigmoid'(x) = log sigmoid(x) + log sigmoid(-x). Not by softplus, which is the identity above 20: too coarse for f64.
    private static Tensor LogSigmoidSlope(Tensor x)
    {
        var log = nn.functional.logsigmoid(x);
        log.mul_(Held.Scalar(2));
        return log.sub_(x);
    }

    private static void CheckMargin(double alpha)
    {
        if (!(alpha is >= 0 and < 0.5))
        {
            throw new GenDslException(FormattableString.Invariant($"The margin alpha of a logit must be in [0, 0.5), but it is {alpha}."));
        }
    }
}
