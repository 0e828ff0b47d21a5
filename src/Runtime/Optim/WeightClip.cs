using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Keeps the learned numbers of a net between two numbers (Arjovsky, Chintala and Bottou 2017), from its construction on.</summary>
public sealed class WeightClip
{
    private readonly Tensor[] _tensors;
    private readonly Scalar _low;
    private readonly Scalar _high;
    private readonly PowerIteration[] _powers;

    /// <summary>Clips the net as it is.</summary>
    /// <param name="name">The net's name, for errors.</param>
    /// <param name="parameters">Its learned tensors.</param>
    /// <param name="low">The least value.</param>
    /// <param name="high">The greatest; above <paramref name="low"/>.</param>
    /// <exception cref="GenDslException">The ends are not in order.</exception>
    public WeightClip(string name, IReadOnlyList<StateTensor> parameters, double low, double high)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!(low < high))
        {
            throw new GenDslException(string.Create(CultureInfo.InvariantCulture, $"'{name}' is to be kept between {low} and {high}, but the first must be below the second."));
        }

        _tensors = parameters.Select(parameter => parameter.Tensor).ToArray();
        _powers = parameters.Select(parameter => parameter.Power).OfType<PowerIteration>().ToArray();
        (_low, _high) = (Held.Scalar(low), Held.Scalar(high));
        Apply();
    }

    /// <summary>Clips what has left the interval.</summary>
    public void Apply()
    {
        using var frozen = no_grad();
        Scripts.Clamp(_tensors, _low, _high);
        Array.ForEach(_powers, power => power.Advance());
    }
}
