using System.Collections.Immutable;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>The distributions of the catalogue.</summary>
internal static class DistributionEntries
{
    public static ImmutableArray<Distribution> All { get; } =
    [
        new("normal", [new("mean", Interval.All), new("std", Interval.Positive)], [Element.Real], Interval.All, DrawKind.Normal, "Independent Gaussians.")
        {
            LogProb = "normal_log_prob", Draw = "normal_draw", DrawLogProb = "normal_draw_log_prob", Kl = "normal_kl", SiteDraw = "Normal",
        },
        new("uniform", [new("low", Interval.All), new("high", Interval.All)], [Element.Real], Interval.All, DrawKind.Uniform, "Uniform on [low, high).")
        {
            LogProb = "uniform_log_prob", Draw = "uniform_draw", DrawLogProb = "uniform_draw_log_prob",
        },
        new("bernoulli", [new("logits", Interval.All)], [Element.Bit], Interval.Unit, DrawKind.Bernoulli, "Independent bits, by their log-odds.")
        {
            LogProb = "bernoulli_log_prob", Draw = "bernoulli_probability", SiteDraw = "Bernoulli",
        },
        new("categorical", [new("logits", Interval.All)], [Element.Level, Element.Bit, Element.Class, Element.Code, Element.MuLaw, Element.Discrete], Interval.NonNegative, DrawKind.Uniform,
            "Independent choices among n values, by a softmax.")
        {
            LogProb = "categorical_log_prob", DrawOperation = DistributionOperations.CategoricalDraw, UniformDrawOperation = DistributionOperations.UniformCategoricalDraw, SiteDraw = "Categorical({count})", Layout = ParameterLayout.PerClass,
            LayoutDoc = "For [c, ...] logits are [n * c, ...], for [t] [n, t], for a single value [n]: `categorical(n).parameters(c)` = n * c features. Logit j of channel ch is feature j * c + ch. In the law of a latent a single number makes all values alike.",
        },
        new("one_hot", [new("logits", Interval.All)], [Element.Real], Interval.Unit, DrawKind.Uniform, "Latents only: independent choices among n values, by a softmax over the first axis, as one-hot vectors along it.")
        {
            LogProb = "one_hot_log_prob", Kl = "one_hot_kl", DrawOperation = DistributionOperations.OneHotDraw, UniformDrawOperation = DistributionOperations.UniformOneHotDraw,
            Layout = ParameterLayout.PerVector, IsOneHot = true,
            LayoutDoc = "Logits have the shape of the latent: [n] for one choice, [n, t] for t of them. A single number makes all values alike.",
        },
        new("straight_through", [new("logits", Interval.All)], [Element.Real], Interval.Unit, DrawKind.Uniform,
            "In guides, for `one_hot` latents: a one-hot draw, with the gradient of the softmax in place of its own, which is 0 (Bengio et al. 2013, arXiv:1308.3432).")
        {
            LogProb = "one_hot_log_prob", Kl = "one_hot_kl", DrawOperation = DistributionOperations.StraightThroughDraw,
            Layout = ParameterLayout.PerVector, IsOneHot = true, Proposes = DiscreteProposal.StraightThrough,
        },
        new("gumbel_softmax", [new("logits", Interval.All), new("temperature", Interval.Positive) { IsNumber = true }], [Element.Real], Interval.Unit, DrawKind.Uniform,
            "In guides, for `one_hot` latents: softmax((logits + Gumbel noise) / temperature) in training, which approaches a one-hot draw as the temperature falls, and that one-hot draw in evaluation (Jang et al. 2017, arXiv:1611.01144; Maddison et al. 2017, arXiv:1611.00712).")
        {
            LogProb = "one_hot_log_prob", Kl = "one_hot_kl", DrawOperation = DistributionOperations.RelaxedDraw,
            Layout = ParameterLayout.PerVector, IsOneHot = true, Proposes = DiscreteProposal.Relaxed,
        },
        new("enumerate", [new("logits", Interval.All) { IsOptional = true }], [Element.Real, Element.Level, Element.Bit, Element.Class, Element.Code, Element.MuLaw, Element.Discrete], Interval.NonNegative, DrawKind.Uniform,
            "In guides, for a latent that is one choice among n values, `y: Digit ~ categorical(...)` or `y: [10] ~ one_hot(...)`: the bound is the mean over all values by softmax(logits); without logits the values are summed out, and the latent costs nothing.")
        {
            Layout = ParameterLayout.PerClass, Proposes = DiscreteProposal.Enumerated,
        },
        new("discretized_logistic_mixture", [new("parameters", Interval.All)], [Element.Level], Interval.NonNegative, DrawKind.Uniform,
            "Levels as bins under a mixture of m logistics, with one choice of component per site for all its channels (Salimans et al. 2017, PixelCNN++, arXiv:1701.05517).")
        {
            LogProbOperation = DistributionOperations.MixtureLogProb, DrawOperation = DistributionOperations.MixtureDraw, SiteDraw = "DiscretizedLogisticMixture({components}, {count}, {channels})", Layout = ParameterLayout.PerComponent, EventIsChannels = true,
            LayoutDoc = "For [c, ...] parameters are [p * m, ...] with p = 1 + 2 c + c (c - 1) / 2, that is 3 m for one channel and 10 m for three: `discretized_logistic_mixture(m).parameters(c)`. "
                + "Parameter j of component i is feature j * m + i: first the logit of the weight, then for each channel its mean and log-scale (least -7), and for each channel before it a coefficient whose tanh moves the mean "
                + "with that channel's value. Means are in [-1, 1], onto which levels are rescaled.",
        },
    ];
}
