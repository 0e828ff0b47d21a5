using System;
using System.Collections.Generic;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Stochastic gradient descent, with momentum as PyTorch defines it: <c>v = momentum * v + g</c>, <c>p -= lr * v</c>.</summary>
public sealed class Sgd : Optimizer
{
    private readonly Scalar _momentum;
    private readonly bool _nesterov;
    private readonly Tensor[]? _velocity;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="name">Its name within the trainer.</param>
    /// <param name="parameters">The learned tensors it moves.</param>
    /// <param name="momentum">In [0, 1); 0 keeps no state.</param>
    /// <param name="nesterov">Whether to look ahead (Nesterov 1983); needs momentum.</param>
    /// <param name="decay">Weight decay of kernels, added to their gradient.</param>
    public Sgd(string name, IReadOnlyList<StateTensor> parameters, double momentum = 0, bool nesterov = false, double decay = 0)
        : base(name, parameters, decay)
    {
        if (!(momentum >= 0 && momentum < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "Momentum lies in [0, 1).");
        }

        if (nesterov && momentum == 0)
        {
            throw new ArgumentException("Nesterov's look-ahead needs momentum.", nameof(nesterov));
        }

        _momentum = Held.Scalar(momentum);
        _nesterov = nesterov;
        _velocity = momentum > 0 ? Moments("momentum") : null;
    }

    private protected override void Update(int[] live, Tensor[] parameters, Tensor[] gradients, Scalar rate, Scalar decay)
    {
        if (_velocity is null)
        {
            Scripts.Sgd(parameters, gradients, rate, decay);
        }
        else
        {
            Scripts.Sgd(parameters, gradients, Select(_velocity, live), rate, _momentum, decay, _nesterov);
        }
    }
}
