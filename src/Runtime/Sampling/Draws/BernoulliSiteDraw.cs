using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>1 where u is below sigmoid(logit).</summary>
internal sealed class BernoulliSiteDraw() : SiteDraw("bernoulli", SiteNoise.Uniform)
{
    public override int NoiseCount(int channels) => channels;

    public override int[] ParameterCounts(int channels) => [channels];

    public override Tensor Draw(Tensor[] parameters, Tensor noise) => Distributions.BernoulliDraw(parameters[0], noise);

    public override void Draw(Span<double> parameters, ReadOnlySpan<float> noise, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = noise[i] < 1 / (1 + Math.Exp(-parameters[i])) ? 1 : 0;
        }
    }
}
