using System;
using System.Collections.Generic;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// The doubly reparameterised gradient of a bound from several draws (Tucker et al. 2019, arXiv:1810.04152): what comes back to the guide
/// through a draw is weighted once more by the draw's share, and the guide's density is not differentiated by its own parameters.
/// Draws pass the gate on their way to the model.
/// </summary>
public sealed class DregGate
{
    [ThreadStatic]
    private static List<DregGate>? _open;

    /// <summary>The shares, <c>[k * N]</c>: known once the bound is, and wanted when its gradient comes back.</summary>
    internal Tensor? Shares { get; private set; }

    /// <summary>The draws themselves: a new handle.</summary>
    /// <param name="draws">Draws of a latent, <c>[k * N, ...]</c>.</param>
    public Tensor Through(Tensor draws)
    {
        ArgumentNullException.ThrowIfNull(draws);
        return is_grad_enabled() && draws.requires_grad ? DregGateFunction.Run(draws, this) : draws.alias();
    }

    /// <summary>The value of the bound of each sample, with that gradient; disposes the weights.</summary>
    /// <param name="logWeights">log p(x, z) - log q(z | x) at draws that passed the gate, in nats, <c>[k * N]</c>.</param>
    /// <param name="k">Draws for each sample.</param>
    /// <returns>A new tensor <c>[N]</c>.</returns>
    public Tensor Bound(Tensor logWeights, long k)
    {
        ArgumentNullException.ThrowIfNull(logWeights);
        if (!is_grad_enabled() || !logWeights.requires_grad)
        {
            return Bounds.Mean(logWeights, k);
        }

        using (logWeights)
        {
            using var draws = logWeights.view(k, -1);
            using var values = draws.detach();
            using var bound = Bounds.Mean(values.reshape(-1), k);
            var shares = values.softmax(0);
            Shares = shares.view(-1);
            using (shares)
            {
                (_open ??= []).Add(this);
                using var weighted = shares.mul(draws);
                using var surrogate = weighted.sum([0]);
                using var still = surrogate.detach();
                using var rest = bound.sub(still);
                return surrogate.add(rest, Held.Scalar(1));
            }
        }
    }

    /// <summary>Frees the shares of all gates whose gradient has come back.</summary>
    internal static void Close()
    {
        foreach (var gate in _open ?? [])
        {
            gate.Shares?.Dispose();
            gate.Shares = null;
        }

        _open?.Clear();
    }
}
