using System.Collections.Immutable;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Semantics;

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
            LogProb = "categorical_log_prob", DrawOperation = DistributionOperations.CategoricalDraw, SiteDraw = "Categorical({count})", Layout = ParameterLayout.PerClass,
            LayoutDoc = "For [c, ...] logits are [n * c, ...], for [t] [n, t], for a single value [n]: `categorical(n).parameters(c)` = n * c features. Logit j of channel ch is feature j * c + ch.",
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
