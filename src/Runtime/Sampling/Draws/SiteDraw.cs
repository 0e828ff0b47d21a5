using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// How the numbers of a position follow from its parameters and from noise, by one formula in two forms. Both compute in f64, so that they
/// draw the same values from the same parameters.
/// </summary>
public abstract class SiteDraw
{
    internal SiteDraw(string name, SiteNoise noise)
    {
        Name = name;
        Noise = noise;
    }

    /// <summary>The distribution's name.</summary>
    public string Name { get; }

    /// <summary>What noise it takes.</summary>
    public SiteNoise Noise { get; }

    /// <summary>The noise numbers that drawing so many channels at once takes.</summary>
    public abstract int NoiseCount(int channels);

    /// <summary>The features of each parameter for so many channels; parameter j of channel ch is feature j · channels + ch.</summary>
    public abstract int[] ParameterCounts(int channels);

    /// <summary>The values [n, channels] of n samples, in the type of the parameters.</summary>
    /// <param name="parameters">Each [n, features], with the number of features by <see cref="ParameterCounts"/>.</param>
    /// <param name="noise">[n, noise numbers].</param>
    public abstract Tensor Draw(Tensor[] parameters, Tensor noise);

    /// <summary>The values of one sample.</summary>
    /// <param name="parameters">All parameters one after the other; overwritten.</param>
    /// <param name="noise">The noise numbers.</param>
    /// <param name="values">One per channel.</param>
    public abstract void Draw(Span<double> parameters, ReadOnlySpan<float> noise, Span<float> values);
}
