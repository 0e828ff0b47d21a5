using System;
using System.Collections.Generic;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A loop as one node of the graph: argument and parameters in, result and sum out.</summary>
internal sealed class RoundsFunction : autograd.MultiTensorFunction<RoundsFunction>
{
    private const string Key = "rounds";

    /// <inheritdoc/>
    public override string Name => nameof(RoundsFunction);

    /// <summary>Runs a loop and disposes its argument.</summary>
    public static (Tensor Result, Tensor? Sum) Run(Tensor x, Rounds rounds)
    {
        ArgumentNullException.ThrowIfNull(x);
        BackwardPass.Settle();
        var call = new Call(rounds);
        var outputs = apply([x, .. rounds.Parameters, call]);

        // The node has handles of its own.
        call.Made.ForEach(tensor => tensor.Dispose());
        x.Dispose();
        return (outputs[0], outputs.Count > 1 ? outputs[1] : null);
    }

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ArgumentNullException.ThrowIfNull(vars);
        var call = (Call)vars[^1];
        var (result, sum) = call.Rounds.Forward((Tensor)vars[0]);

        // Apart from the graph, or the node would keep itself alive.
        var kept = result.detach();
        ctx.set_materialize_grads(false);
        ctx.save_for_backward([kept]);
        ctx.save_data(Key, call.Rounds);
        call.Made.AddRange(sum is null ? [result, kept] : [result, sum, kept]);
        return sum is null ? [result] : [result, sum];
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ArgumentNullException.ThrowIfNull(grad_outputs);
        var rounds = (Rounds)ctx.get_data(Key);
        return BackwardPass.Node(grad_outputs, rounds.Parameters.Length + 1, Gradients, "of a loop with Memory = Invertible, gradients that are differentiated again need Memory = Stored.");

        Tensor?[] Gradients()
        {
            using var result = ctx.get_saved_variables()[0];
            return rounds.Backward(result, Valid(grad_outputs[0]), grad_outputs.Count > 1 ? Valid(grad_outputs[1]) : null);
        }
    }

    private static Tensor? Valid(Tensor? gradient) => gradient is null || gradient.IsInvalid ? null : gradient;

    private sealed class Call(Rounds rounds)
    {
        public Rounds Rounds { get; } = rounds;

        public List<Tensor> Made { get; } = [];
    }
}
