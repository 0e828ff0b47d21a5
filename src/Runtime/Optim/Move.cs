using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;

namespace GenDsl.Runtime;

/// <summary>What one statement moves by an optimizer: all that the optimizer has, or a part of it, with a factor of the learning rate for each net.</summary>
public sealed class Move
{
    private readonly double[]? _scales;

    /// <summary>All tensors of an optimizer, at its rate.</summary>
    public Move(Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        Optimizer = optimizer;
        Indices = Enumerable.Range(0, optimizer.Parameters.Count).ToArray();
    }

    /// <summary>Some tensors of an optimizer.</summary>
    /// <param name="optimizer">Whose moments they have.</param>
    /// <param name="groups">The tensors, each group with the factor of its learning rate, above 0.</param>
    /// <exception cref="GenDslException">A tensor is not one of the optimizer's, or a factor is not above 0.</exception>
    public Move(Optimizer optimizer, params (IReadOnlyList<StateTensor> Parameters, double Scale)[] groups)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(groups);
        var places = optimizer.Parameters.Select((parameter, index) => (parameter.Path, index)).ToDictionary(pair => pair.Path, pair => pair.index, StringComparer.Ordinal);
        _scales = new double[places.Count];
        foreach (var (parameters, scale) in groups)
        {
            if (!(scale > 0))
            {
                throw new GenDslException(string.Create(
                    System.Globalization.CultureInfo.InvariantCulture, $"Optimizer '{optimizer.Name}': the factor of a learning rate must be above 0, but it is {scale}."));
            }

            foreach (var parameter in parameters)
            {
                if (!places.TryGetValue(parameter.Path, out var index))
                {
                    throw new GenDslException($"Optimizer '{optimizer.Name}' does not move '{parameter.Path}'.");
                }

                _scales[index] = scale;
            }
        }

        Optimizer = optimizer;
        Indices = Enumerable.Range(0, _scales.Length).Where(index => _scales[index] > 0).ToArray();
    }

    /// <summary>Whose moments the tensors have.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The places of the tensors among the optimizer's.</summary>
    internal int[] Indices { get; }

    /// <summary>The factor of the learning rate of each of the optimizer's tensors; null where all are 1.</summary>
    internal IReadOnlyList<double>? Scales => _scales;

    /// <summary>The move at the numbers of a step.</summary>
    /// <param name="learningRate">The step size.</param>
    /// <param name="clip">The largest joint norm of the gradients; longer ones are scaled down. 0 for no limit.</param>
    /// <param name="clipValue">The largest magnitude of each number of the gradients, applied before <paramref name="clip"/>. 0 for no limit.</param>
    public Player With(double learningRate, double clip = 0, double clipValue = 0) => new(this, learningRate, clip, clipValue);
}
