using System;
using System.Numerics.Tensors;
using Tensor = TorchSharp.torch.Tensor;

namespace GenDsl.Runtime;

/// <summary>The smallest class whose cumulative probability is above u.</summary>
internal sealed class CategoricalSiteDraw(int classes) : SiteDraw("categorical", SiteNoise.Uniform)
{
    public override int NoiseCount(int channels) => channels;

    public override int[] ParameterCounts(int channels) => [classes * channels];

    public override Tensor Draw(Tensor[] parameters, Tensor noise) => Distributions.CategoricalDraw(parameters[0], noise);

    public override void Draw(Span<double> parameters, ReadOnlySpan<float> noise, Span<float> values)
    {
        for (var channel = 0; channel < values.Length; channel++)
        {
            values[channel] = Choose(parameters, channel, values.Length, noise[channel]);
        }
    }

    /// <summary>The class for the logits at every <paramref name="step"/>-th place, which are overwritten.</summary>
    internal static int Choose(Span<double> logits, int first, int step, double u)
    {
        var total = Exponentiate(logits, first, step);
        var wanted = u * total;
        double sum = 0;
        for (var i = first; i < logits.Length; i += step)
        {
            sum += logits[i];
            if (sum > wanted)
            {
                return i / step;
            }
        }

        // Rounding may leave the sum short.
        return (logits.Length - 1) / step;
    }

    // exp(logit - largest) in place, and their sum.
    private static double Exponentiate(Span<double> logits, int first, int step)
    {
        if (step == 1)
        {
            TensorPrimitives.Subtract(logits, TensorPrimitives.Max<double>(logits), logits);
            TensorPrimitives.Exp<double>(logits, logits);
            return TensorPrimitives.Sum<double>(logits);
        }

        var highest = double.NegativeInfinity;
        for (var i = first; i < logits.Length; i += step)
        {
            highest = Math.Max(highest, logits[i]);
        }

        double total = 0;
        for (var i = first; i < logits.Length; i += step)
        {
            logits[i] = Math.Exp(logits[i] - highest);
            total += logits[i];
        }

        return total;
    }
}
