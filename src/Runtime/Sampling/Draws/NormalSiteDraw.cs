using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>mean + std · noise.</summary>
internal sealed class NormalSiteDraw() : SiteDraw("normal", SiteNoise.Normal)
{
    public override int NoiseCount(int channels) => channels;

    public override int[] ParameterCounts(int channels) => [channels, channels];

    public override Tensor Draw(Tensor[] parameters, Tensor noise)
    {
        using var mean = parameters[0].to(ScalarType.Float64);
        using var std = parameters[1].to(ScalarType.Float64);
        using var scaled = std * noise;
        using var value = mean + scaled;
        return value.to(parameters[0].dtype);
    }

    public override void Draw(Span<double> parameters, ReadOnlySpan<float> noise, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(parameters[i] + (parameters[values.Length + i] * noise[i]));
        }
    }
}
