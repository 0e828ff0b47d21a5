using System;
using System.Collections.Generic;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// Layer-wise adaptive rates (You et al. 2017, arXiv:1708.03888): each kernel moves by a share of its own norm,
/// <c>v = momentum * v + lr * eta * |p| / |g| * g</c>, <c>p -= v</c>, with <c>g</c> the gradient and the decay. Biases and gains move as with plain momentum.
/// </summary>
public sealed class Lars : Optimizer
{
    private readonly double _momentum;
    private readonly double _eta;
    private readonly Tensor[] _velocity;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="name">Its name within the trainer.</param>
    /// <param name="parameters">The learned tensors it moves.</param>
    /// <param name="momentum">In [0, 1).</param>
    /// <param name="eta">The trust coefficient, above 0: what share of its norm a kernel moves at a learning rate of 1.</param>
    /// <param name="decay">Weight decay of kernels, added to their gradient.</param>
    public Lars(string name, IReadOnlyList<StateTensor> parameters, double momentum = 0.9, double eta = 1e-3, double decay = 0)
        : base(name, parameters, decay)
    {
        if (!(momentum >= 0 && momentum < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "Momentum lies in [0, 1).");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(eta);
        (_momentum, _eta) = (momentum, eta);
        _velocity = Moments("momentum");
    }

    private protected override void Update(int[] live, Tensor[] parameters, Tensor[] gradients, Scalar rate, Scalar decay)
    {
        using Scalar momentum = _momentum, eta = _eta;
        using var one = ones([], parameters.Length > 0 ? parameters[0].dtype : ScalarType.Float32, parameters.Length > 0 ? parameters[0].device : CPU);
        for (int i = 0; i < live.Length; i++)
        {
            Tensor velocity = _velocity[live[i]];
            using var decayed = gradients[i].add(parameters[i], decay);
            velocity.mul_(momentum);
            if (Parameters[live[i]].Role == StateRole.Kernel)
            {
                // What is 0 has no direction to trust: it moves as with plain momentum.
                using var size = parameters[i].norm();
                using var slope = decayed.norm();
                using var ratio = size.div(slope).mul_(eta);
                using var known = size.gt(0);
                using var steep = slope.gt(0);
                using var both = known.logical_and_(steep);
                using var trust = where(both, ratio, one);
                decayed.mul_(trust);
            }

            velocity.add_(decayed, rate);
            parameters[i].sub_(velocity);
        }
    }
}
