using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>What <see cref="Adam"/> and <see cref="AdamW"/> share: two moments and a step counter per parameter.</summary>
public abstract class AdamBase : Optimizer
{
    private readonly bool _decoupled;
    private readonly AdamConstants _constants;
    private readonly Tensor[] _first;
    private readonly Tensor[] _second;
    private readonly Tensor _steps;
    private readonly Tensor[] _stepOf;

    private protected AdamBase(
        bool decoupled, string name, IReadOnlyList<StateTensor> parameters, double beta1, double beta2, double eps, double decay)
        : base(name, parameters, decay)
    {
        CheckBeta(beta1, nameof(beta1));
        CheckBeta(beta2, nameof(beta2));
        ArgumentOutOfRangeException.ThrowIfNegative(eps);
        _decoupled = decoupled;
        _constants = new AdamConstants(Held.Scalar(beta1), Held.Scalar(beta2), Held.Scalar(eps));
        _first = Moments("exp_avg");
        _second = Moments("exp_avg_sq");

        // One tensor holds all counters, so that counting is one operation; the fused kernel wants one 0-d view per parameter.
        _steps = zeros([parameters.Count], ScalarType.Float32, parameters[0].Tensor.device).DetachFromDisposeScope();
        _stepOf = Enumerable.Range(0, parameters.Count).Select(index => _steps.select(0, index).DetachFromDisposeScope()).ToArray();
        State.Add(new StateTensor($"{name}.step", _steps, StateRole.Moment));
    }

    private protected override void Forget(int index)
    {
        base.Forget(index);
        _stepOf[index].fill_(Held.Scalar(0));
    }

    private protected override void Count(Tensor?[] gradients)
    {
        if (Array.TrueForAll(gradients, gradient => gradient is not null))
        {
            _steps.add_(Held.Scalar(1));
            return;
        }

        for (var i = 0; i < gradients.Length; i++)
        {
            if (gradients[i] is not null)
            {
                _stepOf[i].add_(Held.Scalar(1));
            }
        }
    }

    private protected override void Update(int[] live, Tensor[] parameters, Tensor[] gradients, Scalar rate, Scalar decay) =>
        Scripts.Adam(
            _decoupled, new AdamBatch(parameters, gradients, Select(_first, live), Select(_second, live), Select(_stepOf, live)), rate, _constants, decay);

    private protected override Tensor[]? MinimizeAtOnce(Tensor objective, Tensor[] parameters, Scalar rate, Scalar decay, bool keepGraph)
    {
        var missed = Scripts.MinimizeAdam(
            objective, keepGraph, _decoupled, new AdamBatch(parameters, [], _first, _second, _stepOf), _steps, rate, _constants, decay);
        Gradients.Settle(keepGraph);
        return missed;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var step in _stepOf)
        {
            step.Dispose();
        }
    }

    private static void CheckBeta(double beta, string name)
    {
        if (!(beta >= 0 && beta < 1))
        {
            throw new ArgumentOutOfRangeException(name, beta, "A decay rate of a moment lies in [0, 1).");
        }
    }
}
