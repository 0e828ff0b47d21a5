using System;
using System.Numerics.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace GenDsl.Runtime;

/// <summary>The smallest class whose cumulative probability is above u.</summary>
internal sealed class CategoricalSiteDraw(int classes) : SiteDraw("categorical", SiteNoise.Uniform)
{
    public override int NoiseCount(int channels) => channels;

    public override int[] ParameterCounts(int channels) => [classes * channels];

    public override Tensor Draw(Tensor[] parameters, Tensor noise)
    {
        var rows = noise.size(0);
        using var logits = parameters[0].to(ScalarType.Float64);
        using var byClass = logits.view(rows, classes, -1);
        using var p = byClass.softmax(1);
        using var cdf = p.cumsum(1);
        using var u = noise.unsqueeze(1);
        using var below = cdf.le(u);
        using var count = below.sum(1);

        // Rounding may leave the last cumulative probability short of 1.
        using var held = count.clamp_max(classes - 1);
        return held.to(parameters[0].dtype);
    }

    public override void Draw(Span<double> parameters, ReadOnlySpan<float> noise, Span<float> values)
    {
        var channels = values.Length;
        var highest = TensorPrimitives.Max((ReadOnlySpan<double>)parameters);
        TensorPrimitives.Subtract(parameters, highest, parameters);
        TensorPrimitives.Exp(parameters, parameters);
        for (var channel = 0; channel < channels; channel++)
        {
            double total = 0;
            for (var i = channel; i < parameters.Length; i += channels)
            {
                total += parameters[i];
            }

            var wanted = noise[channel] * total;
            double sum = 0;
            var chosen = 0;
            for (; chosen < classes - 1; chosen++)
            {
                sum += parameters[(chosen * channels) + channel];
                if (sum > wanted)
                {
                    break;
                }
            }

            values[channel] = chosen;
        }
    }
}
