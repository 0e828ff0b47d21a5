using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

public static partial class Distributions
{
    /// <summary>Classes by inverting the cumulative distribution: the least k whose cumulative probability lies above the uniform number.</summary>
    /// <param name="logits">Shape <c>[N, n * c]</c>; logit j of channel ch is feature <c>j * c + ch</c>.</param>
    /// <param name="uniform">One number in [0, 1) per channel, <c>[N, c]</c>.</param>
    /// <returns>Classes 0 .. n - 1 as floating-point numbers of the type of <paramref name="uniform"/>, <c>[N, c]</c>.</returns>
    /// <remarks>Sums in f64, so that the same numbers give the same class whatever computed them to f32.</remarks>
    public static Tensor CategoricalDraw(Tensor logits, Tensor uniform)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(uniform);
        using var frozen = no_grad();
        using var exact = logits.to(ScalarType.Float64);
        using var byChannel = exact.reshape(logits.size(0), -1, uniform.size(1));
        using var probabilities = byChannel.softmax(1);
        using var cumulative = probabilities.cumsum(1);
        using var threshold = uniform.to(ScalarType.Float64);
        using var row = threshold.unsqueeze(1);
        using var passed = cumulative.le(row);
        using var count = passed.sum(1);

        // The last class takes what rounding leaves of the sum.
        var drawn = count.to(uniform.dtype);
        return drawn.clamp_max_(Held.Scalar(byChannel.size(1) - 1.0));
    }

    /// <summary>Pixels of a mixture of discretised logistics: the component from the first uniform number, then channel by channel a logistic about a mean that moves with the levels already drawn, rounded to the nearest level.</summary>
    /// <param name="parameters">Shape <c>[N, p * m]</c>, as <see cref="DiscretizedLogisticMixtureLogProb"/> reads them.</param>
    /// <param name="uniforms">Numbers in [0, 1), <c>[N, 1 + c]</c>.</param>
    /// <param name="levels">The number n of levels.</param>
    /// <param name="channels">The number c of channels.</param>
    /// <returns>Levels 0 .. n - 1 as floating-point numbers of the type of <paramref name="uniforms"/>, <c>[N, c]</c>.</returns>
    internal static Tensor DiscretizedLogisticMixtureDraw(Tensor parameters, Tensor uniforms, long levels, long channels)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(uniforms);
        using var frozen = no_grad();
        using var exact = parameters.to(ScalarType.Float64);
        using var noise = uniforms.to(ScalarType.Float64);
        var components = parameters.size(1) / MixtureParameters(channels);
        using var weights = exact.narrow(1, 0, components);
        using var first = noise.narrow(1, 0, 1);
        using var choice = CategoricalDraw(weights, first);
        using var component = choice.to(ScalarType.Int64);
        var drawn = new Tensor[channels];
        long block = 1;
        for (long channel = 0; channel < channels; channel++)
        {
            using var u = noise.narrow(1, 1 + channel, 1);
            drawn[channel] = LogisticLevel(exact, component, u, drawn.AsSpan(0, (int)channel), block, components, levels);
            block += 2 + channel;
        }

        using var all = cat(drawn, 1);
        foreach (var level in drawn)
        {
            level.Dispose();
        }

        return all.to(uniforms.dtype);
    }

    /// <summary>Ones where the uniform number is below the probability.</summary>
    /// <param name="logits">Log-odds, any shape.</param>
    /// <param name="uniform">Numbers in [0, 1) of the same shape.</param>
    /// <returns>Zeros and ones of the type of <paramref name="uniform"/>.</returns>
    internal static Tensor BernoulliDraw(Tensor logits, Tensor uniform)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(uniform);
        using var frozen = no_grad();
        using var exact = logits.to(ScalarType.Float64);
        using var probability = exact.sigmoid();
        using var isOne = uniform.lt(probability);
        return isOne.to(uniform.dtype);
    }

    /// <summary>Classes at every site at once, where the logits depend on no other site.</summary>
    /// <param name="logits">As <see cref="CrossEntropy"/> takes them.</param>
    /// <param name="uniform">One number in [0, 1) per class to draw: the shape of the result.</param>
    /// <param name="classes">The number n of classes.</param>
    /// <param name="asIndices">Whether the result is int64, as spaces of indices are; else of the type of <paramref name="uniform"/>.</param>
    public static Tensor CategoricalSample(Tensor logits, Tensor uniform, long classes, bool asIndices)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(uniform);
        using var byNumber = uniform.reshape(uniform.size(0), 1, -1);
        using var rows = logits.reshape(uniform.size(0), classes, -1);
        using var drawn = PerSite(rows, byNumber, CategoricalDraw);
        if (!asIndices)
        {
            return drawn.reshape(uniform.shape);
        }

        using var shaped = drawn.reshape(uniform.shape);
        return shaped.to(ScalarType.Int64);
    }

    /// <summary>The same where all classes are alike.</summary>
    /// <param name="uniform">One number in [0, 1) per class to draw: the shape of the result.</param>
    /// <param name="classes">The number n of classes.</param>
    /// <param name="asIndices">Whether the result is int64, as spaces of indices are; else of the type of <paramref name="uniform"/>.</param>
    public static Tensor UniformSample(Tensor uniform, long classes, bool asIndices)
    {
        ArgumentNullException.ThrowIfNull(uniform);
        using Scalar count = classes;
        using var scaled = uniform.mul(count);

        // Rounding may reach the count itself.
        scaled.floor_().clamp_max_(Held.Scalar(classes - 1.0));
        return asIndices ? scaled.to(ScalarType.Int64) : scaled.alias();
    }

    /// <summary>Pixels of a mixture of discretised logistics at every site at once, where the parameters depend on no other site.</summary>
    /// <param name="parameters">As <see cref="DiscretizedLogisticMixtureLogProb"/> takes them.</param>
    /// <param name="uniforms">Numbers in [0, 1), <c>[N, 1 + c, ...]</c>.</param>
    /// <param name="levels">The number n of levels.</param>
    /// <param name="shape">The shape of the samples with their rows.</param>
    public static Tensor DiscretizedLogisticMixtureSample(Tensor parameters, Tensor uniforms, long levels, long[] shape)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(uniforms);
        using var noise = uniforms.reshape(uniforms.size(0), uniforms.size(1), -1);
        using var rows = parameters.reshape(uniforms.size(0), parameters.size(1), -1);
        using var drawn = PerSite(rows, noise, (p, u) => DiscretizedLogisticMixtureDraw(p, u, levels, u.size(1) - 1));
        return drawn.reshape(shape);
    }

    private static Tensor LogisticLevel(Tensor parameters, Tensor component, Tensor u, ReadOnlySpan<Tensor> earlier, long block, long components, long levels)
    {
        using var mean = Chosen(parameters, component, block, components);
        for (var i = 0; i < earlier.Length; i++)
        {
            using var coefficient = Chosen(parameters, component, block + 2 + i, components);
            coefficient.tanh_();
            using var value = Rescaled(earlier[i], levels);
            mean.addcmul_(coefficient, value, Held.Scalar(1));
        }

        using var scale = Chosen(parameters, component, block + 1, components);
        scale.clamp_min_(Held.Scalar(LeastLogScale)).exp_();
        using var logit = u.logit();
        var level = mean.addcmul(scale, logit, Held.Scalar(1));
        var steps = Held.Scalar((levels - 1) / 2.0);
        return level.add_(Held.Scalar(1)).mul_(steps).round_().clamp_(Held.Scalar(0), Held.Scalar(levels - 1.0));
    }

    private static Tensor Chosen(Tensor parameters, Tensor component, long block, long components)
    {
        using var all = parameters.narrow(1, block * components, components);
        return all.gather(1, component);
    }

    // [N, f, sites] as [N * sites, f] and back.
    private static Tensor PerSite(Tensor parameters, Tensor noise, Func<Tensor, Tensor, Tensor> draw)
    {
        using var parametersLast = parameters.transpose(1, 2);
        using var noiseLast = noise.transpose(1, 2);
        using var flatParameters = parametersLast.reshape(-1, parameters.size(1));
        using var flatNoise = noiseLast.reshape(-1, noise.size(1));
        using var drawn = draw(flatParameters, flatNoise);
        using var bySite = drawn.reshape(noise.size(0), noise.size(2), -1);
        return bySite.transpose(1, 2);
    }
}
