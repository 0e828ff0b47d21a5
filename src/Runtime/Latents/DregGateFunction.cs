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
        ctx.save_data(Key, call.Gate);
        ctx.set_materialize_grads(false);
        call.Made = ((Tensor)vars[0]).clone();
        return [call.Made];
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ArgumentNullException.ThrowIfNull(grad_outputs);
        return BackwardPass.Node(grad_outputs, 1, Gradient, "a doubly reparameterised bound cannot be differentiated twice.");

        Tensor?[] Gradient()
        {
            var shares = ((DregGate)ctx.get_data(Key)).Shares ?? throw new GenDslException("the shares of a doubly reparameterised bound are freed already.");
            var given = grad_outputs[0];
            using var wide = shares.view([.. Enumerable.Repeat(1L, (int)given.dim() - 1).Prepend(-1L)]);
            return [given.mul(wide)];
        }
    }

    private sealed class Call(DregGate gate)
    {
        public DregGate Gate { get; } = gate;

        public Tensor? Made { get; set; }
    }
}
