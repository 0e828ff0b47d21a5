using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>All channels of a mixture of discretised logistics; parameters as <see cref="Distributions.DiscretizedLogisticMixtureLogProb"/> reads them.</summary>
internal sealed class MixtureSiteDraw(int components, int levels, int channels) : SiteDraw("discretized_logistic_mixture", SiteNoise.Uniform)
{
    public override int NoiseCount(int channels) => 1 + Channels(channels);

    public override int[] ParameterCounts(int channels) => [(int)Distributions.MixtureParameters(Channels(channels)) * components];

    public override Tensor Draw(Tensor[] parameters, Tensor noise) =>
        Distributions.DiscretizedLogisticMixtureDraw(parameters[0], noise, levels, channels);

    public override void Draw(Span<double> parameters, ReadOnlySpan<float> noise, Span<float> values)
    {
        var component = CategoricalSiteDraw.Choose(parameters[..components], 0, 1, noise[0]);
        var place = components + component;
        for (var channel = 0; channel < channels; channel++)
        {
            var mean = parameters[place];
            for (var earlier = 0; earlier < channel; earlier++)
            {
                mean += Math.Tanh(parameters[place + ((2 + earlier) * components)]) * ((values[earlier] * (2.0 / (levels - 1))) - 1);
            }

            double u = noise[1 + channel];
            var value = mean + (Math.Exp(Math.Max(parameters[place + components], Distributions.LeastLogScale)) * (Math.Log(u / (1 - u))));
            values[channel] = (float)Math.Clamp(Math.Round((value + 1) * ((levels - 1) / 2.0)), 0, levels - 1);
            place += (2 + channel) * components;
        }
    }

    // Channels share a component, so they are never drawn one by one.
    private int Channels(int wanted) => wanted == channels
        ? channels
        : throw new ArgumentException(FormattableString.Invariant($"A mixture over {channels} channels cannot draw {wanted}."));
}
