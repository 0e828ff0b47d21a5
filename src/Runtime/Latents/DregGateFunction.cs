using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>The node of the graph that a gate is: the identity, whose gradient is multiplied by each draw's share.</summary>
internal sealed class DregGateFunction : autograd.MultiTensorFunction<DregGateFunction>
{
    private const string Key = "gate";

    /// <inheritdoc/>
    public override string Name => nameof(DregGateFunction);

    public static Tensor Run(Tensor draws, DregGate gate)
    {
        var call = new Call(gate);
        var result = apply([draws, call])[0];
        call.Made?.Dispose();
        return result;
    }

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ArgumentNullException.ThrowIfNull(vars);
        var call = (Call)vars[1];
        ctx.save_data(Key, call.DregGate);
        ctx.set_materialize_grads(false);
        call.Made = ((Tensor)vars[0]).clone();
        return [call.Made];
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ArgumentNullException.ThrowIfNull(grad_outputs);
        Tensor? gradient = null;
        try
        {
            if (is_grad_enabled())
            {
                throw new GenDslException("a doubly reparameterised bound cannot be differentiated twice.");
            }

            var shares = ((DregGate)ctx.get_data(Key)).Shares ?? throw new GenDslException("the shares of a doubly reparameterised bound are freed already.");
            var given = grad_outputs[0];
            using var wide = shares.view([.. Enumerable.Repeat(1L, (int)given.dim() - 1).Prepend(-1L)]);
            gradient = given.mul(wide);
        }
#pragma warning disable CA1031 // No exception may cross libtorch: it is thrown once the backward pass is over.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Recompute.Fail(failure);
        }
        finally
        {
            grad_outputs.ForEach(each => each?.Dispose());
        }

        Recompute.HandOut([gradient]);
        return [gradient!, null!];
    }

    private sealed class Call(DregGate gate)
    {
        public DregGate DregGate { get; } = gate;

        public Tensor? Made { get; set; }
    }
}
