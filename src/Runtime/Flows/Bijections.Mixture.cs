using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Mixtures of logistic distributions as functions (Ho et al. 2019, Flow++, arXiv:1902.00275).</content>
public static partial class Bijections
{
    /// <summary>The distribution function of a mixture of k logistics: <c>sum_k softmax_k(logits) sigmoid((x - mean_k) / scale_k)</c>.</summary>
    /// <param name="x">Any real numbers, <c>[N, ...]</c>.</param>
    /// <param name="logits">Unnormalised log-weights, <c>[k, ...]</c> for all samples or <c>[N, k, ...]</c>; axes of size 1 are repeated.</param>
    /// <param name="means">Means, shaped as <paramref name="logits"/> may be.</param>
    /// <param name="scales">Positive scales, shaped as <paramref name="logits"/> may be.</param>
    /// <returns>Numbers in [0, 1] of the shape of <paramref name="x"/>.</returns>
    /// <exception cref="GenDslException">A parameter has neither one axis more than <paramref name="x"/> nor as many.</exception>
    public static Tensor MixtureCdf(Tensor x, Tensor logits, Tensor means, Tensor scales)
    {
        using var mixture = new LogisticMixture(x, logits, means, scales);
        using var standard = mixture.Standard(x);
        using var shares = standard.sigmoid();
        using var weights = mixture.LogWeights.exp();
        using var terms = shares.mul(weights);
        return terms.sum(1);
    }

    /// <summary>The log-determinant of <see cref="MixtureCdf"/>: the log-density of the mixture, computed in log space.</summary>
    /// <param name="x">As <see cref="MixtureCdf"/> takes it.</param>
    /// <param name="logits">As <see cref="MixtureCdf"/> takes them.</param>
    /// <param name="means">As <see cref="MixtureCdf"/> takes them.</param>
    /// <param name="scales">As <see cref="MixtureCdf"/> takes them.</param>
    /// <returns>The sum per sample, <c>[N]</c>.</returns>
    /// <exception cref="GenDslException">The shapes do not go together.</exception>
    public static Tensor MixtureCdfLogDet(Tensor x, Tensor logits, Tensor means, Tensor scales)
    {
        using var mixture = new LogisticMixture(x, logits, means, scales);
        using var standard = mixture.Standard(x);
        using var each = mixture.LogDensity(standard);
        return SumPerSample(each);
    }

    /// <summary>Undoes <see cref="MixtureCdf"/>.</summary>
    /// <param name="u">Numbers in (0, 1), <c>[N, ...]</c>; 0 and 1 count as the nearest number inside.</param>
    /// <param name="logits">As <see cref="MixtureCdf"/> takes them.</param>
    /// <param name="means">As <see cref="MixtureCdf"/> takes them.</param>
    /// <param name="scales">As <see cref="MixtureCdf"/> takes them.</param>
    /// <returns>A new tensor of the shape of <paramref name="u"/>, exact to a few roundings of <c>log u - log(1 - u)</c>.</returns>
    /// <remarks>
    /// The root lies between the least and the greatest quantile of a single component. It is found in at most 64 rounds, about
    /// ten where components overlap, of Newton steps on the log-odds, which are linear in the tails; where a step leaves the bracket or does not halve the last
    /// one, the bracket is halved. First derivatives, in u and all parameters, are those of the implicit function theorem; second ones are not right.
    /// </remarks>
    /// <exception cref="GenDslException">The shapes do not go together.</exception>
    public static Tensor MixtureCdfInverse(Tensor u, Tensor logits, Tensor means, Tensor scales)
    {
        using var mixture = new LogisticMixture(u, logits, means, scales);
        using var inside = InsideUnit(u);
        using var wanted = InverseSigmoid(inside);
        Tensor root;
        using (no_grad())
        {
            root = mixture.Root(wanted);
        }

        if (!is_grad_enabled() || !(wanted.requires_grad || mixture.RequiresGrad))
        {
            return root;
        }

        using (root)
        {
            return WithGradient(root, mixture, wanted);
        }
    }

    // x - (g - value of g) / g', a Newton step of length 0: the number is the root's, the derivatives are those of the inverse.
    private static Tensor WithGradient(Tensor root, LogisticMixture mixture, Tensor wanted)
    {
        using var standard = mixture.Standard(root);
        var (below, above) = mixture.Tails(standard);
        using var odds = below.sub(above);
        using var excess = odds.sub(wanted);
        using var slope = FixedSlope(mixture, standard, below, above);
        below.Dispose();
        above.Dispose();
        using var value = excess.detach();
        using var difference = excess.sub(value);
        using var step = difference.div(slope);
        return root.sub(step);
    }

    private static Tensor FixedSlope(LogisticMixture mixture, Tensor standard, Tensor below, Tensor above)
    {
        using var frozen = no_grad();
        return mixture.SlopeOfLogOdds(standard, below, above);
    }
}
