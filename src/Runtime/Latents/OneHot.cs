using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// Draws of independent choices as one-hot vectors along the axis behind the rows. The choice is the greatest of the logits plus Gumbel noise,
/// -log(-log(u)), which has the probabilities of their softmax (Gumbel 1954); all ways to draw make the same choice of the same noise.
/// </summary>
public static class OneHot
{
    // log(0) would take a value out of the race for good.
    private const double LeastUniform = 1e-30;

    /// <summary>One-hot vectors, without gradient.</summary>
    /// <param name="logits">Unnormalised log-probabilities, <c>[N, n, ...]</c>.</param>
    /// <param name="uniform">Numbers in [0, 1) of the same shape.</param>
    /// <returns>A new tensor of the same shape.</returns>
    public static Tensor Sample(Tensor logits, Tensor uniform)
    {
        ArgumentNullException.ThrowIfNull(logits);
        using var frozen = no_grad();
        using var noise = Gumbel(uniform);
        noise.add_(logits, Held.Scalar(1));
        return Greatest(noise);
    }

    /// <summary>The same where all values are alike.</summary>
    public static Tensor Sample(Tensor uniform)
    {
        ArgumentNullException.ThrowIfNull(uniform);
        using var frozen = no_grad();
        return Greatest(uniform);
    }

    /// <summary>The same vectors, with the gradient of the softmax of the logits (Bengio et al. 2013, arXiv:1308.3432).</summary>
    public static Tensor StraightThrough(Tensor logits, Tensor uniform)
    {
        using var hard = Sample(logits, uniform);
        using var soft = logits.softmax(1);
        return Runtime.StraightThrough.Of(soft, hard);
    }

    /// <summary>
    /// <c>softmax((logits + noise) / temperature)</c>, which moves with the logits and approaches the same vectors as the temperature falls
    /// (Jang et al. 2017, arXiv:1611.01144; Maddison et al. 2017, arXiv:1611.00712); in evaluation those vectors themselves.
    /// </summary>
    /// <param name="logits">Unnormalised log-probabilities, <c>[N, n, ...]</c>.</param>
    /// <param name="uniform">Numbers in [0, 1) of the same shape.</param>
    /// <param name="temperature">Above 0.</param>
    /// <param name="mode">How the model is called.</param>
    /// <exception cref="GenDslException">The temperature is not above 0.</exception>
    public static Tensor Relaxed(Tensor logits, Tensor uniform, double temperature, Mode mode)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (!(temperature > 0))
        {
            throw new GenDslException(FormattableString.Invariant($"The temperature of 'gumbel_softmax' is {temperature}: it is a number above 0."));
        }

        if (mode.IsEvaluation)
        {
            return Sample(logits, uniform);
        }

        using var noise = Gumbel(uniform);
        using var noisy = logits.add(noise, Held.Scalar(1));
        using Scalar sharpness = 1 / temperature;
        using var scaled = noisy.mul(sharpness);
        return scaled.softmax(1);
    }

    /// <summary>1 at the place of a label, 0 at the others.</summary>
    /// <param name="labels">0 .. n - 1, of any element type.</param>
    /// <param name="classes">The number n of values.</param>
    /// <param name="axis">Where the axis of the values stands: a new one, unless there is one of size 1 before sites.</param>
    /// <param name="home">The state of the caller, which says what real numbers are.</param>
    /// <returns>A new tensor, without gradient.</returns>
    public static Tensor Of(Tensor labels, long classes, int axis, StateTable home)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(home);
        using var indices = labels.to(ScalarType.Int64);
        using var places = labels.dim() > axis + 1 ? indices.alias() : indices.unsqueeze(axis);
        var shape = places.shape;
        shape[axis] = classes;
        using var none = zeros(shape, home.Type, labels.device);
        using var one = ones_like(places, dtype: home.Type);
        return none.scatter(axis, places, one);
    }

    private static Tensor Gumbel(Tensor uniform)
    {
        ArgumentNullException.ThrowIfNull(uniform);
        var noise = uniform.clamp_min(Held.Scalar(LeastUniform));
        return noise.log_().neg_().log_().neg_();
    }

    private static Tensor Greatest(Tensor scores)
    {
        using var index = scores.argmax(1, keepdim: true);
        using var one = ones_like(index, dtype: scores.dtype);
        var vectors = zeros_like(scores);
        return vectors.scatter_(1, index, one);
    }
}
