using System;
using System.Collections.Generic;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// Weights that layers compute of their parameters, masked or normalised ones: computed in the first pass of a call and kept for its
/// other passes, between which no parameter moves.
/// </summary>
public sealed class KeptWeights : IDisposable
{
    private readonly Dictionary<object, Tensor> _weights = new(ReferenceEqualityComparer.Instance);

    /// <summary>The weight of a layer, which stays the property of this object.</summary>
    /// <param name="key">A tensor of the layer, by which it is found again.</param>
    /// <param name="compute">Computes it.</param>
    public Tensor Of(Tensor key, Func<Tensor> compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        if (!_weights.TryGetValue(key, out var weight))
        {
            _weights[key] = weight = compute();
        }

        return weight;
    }

    /// <summary>Computes all anew from here on: the pass before the first step has set a parameter.</summary>
    public void Forget()
    {
        foreach (var weight in _weights.Values)
        {
            weight.Dispose();
        }

        _weights.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Forget();
}
