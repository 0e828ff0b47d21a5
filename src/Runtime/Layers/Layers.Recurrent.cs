using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Recurrent layers, whole sequences in one native call.</content>
public static partial class Layers
{
    /// <summary>A long short-term memory (Hochreiter and Schmidhuber 1997) of one layer, from a state of zeros; gates i, f, g, o.</summary>
    /// <param name="x">Shape <c>[n, c, t]</c>, or <c>[c, t]</c>.</param>
    /// <param name="inputWeight">Shape <c>[4 * hidden, c]</c>.</param>
    /// <param name="hiddenWeight">Shape <c>[4 * hidden, hidden]</c>.</param>
    /// <param name="inputBias">Shape <c>[4 * hidden]</c>.</param>
    /// <param name="hiddenBias">Shape <c>[4 * hidden]</c>.</param>
    /// <returns>The states behind the output gate, shape <c>[n, hidden, t]</c>, or <c>[hidden, t]</c>.</returns>
    public static Tensor Lstm(Tensor x, Tensor inputWeight, Tensor hiddenWeight, Tensor inputBias, Tensor hiddenBias) =>
        Recurrent("lstm", x, inputWeight, hiddenWeight, inputBias, hiddenBias);

    /// <summary>A gated recurrent unit (Cho et al. 2014) of one layer, from a state of zeros, the reset behind the matrix; gates r, z, n.</summary>
    /// <param name="x">Shape <c>[n, c, t]</c>, or <c>[c, t]</c>.</param>
    /// <param name="inputWeight">Shape <c>[3 * hidden, c]</c>.</param>
    /// <param name="hiddenWeight">Shape <c>[3 * hidden, hidden]</c>.</param>
    /// <param name="inputBias">Shape <c>[3 * hidden]</c>.</param>
    /// <param name="hiddenBias">Shape <c>[3 * hidden]</c>.</param>
    /// <returns>The states, shape <c>[n, hidden, t]</c>, or <c>[hidden, t]</c>.</returns>
    public static Tensor Gru(Tensor x, Tensor inputWeight, Tensor hiddenWeight, Tensor inputBias, Tensor hiddenBias) =>
        Recurrent("gru", x, inputWeight, hiddenWeight, inputBias, hiddenBias);

    private static Tensor Recurrent(string kind, Tensor x, Tensor inputWeight, Tensor hiddenWeight, Tensor inputBias, Tensor hiddenBias)
    {
        var hasRows = x.dim() == 3;
        using var batch = hasRows ? x.alias() : x.unsqueeze(0);

        // The native layer runs along the first axis.
        using var steps = batch.permute(2, 0, 1);
        using var state = zeros([1, batch.size(0), hiddenWeight.size(1)], x.dtype, x.device);
        using var states = kind == "lstm" && !is_grad_enabled() && x.dtype == ScalarType.Float32 && x.device_type == DeviceType.CPU
            ? AsTrained(steps, state, inputWeight, hiddenWeight, inputBias, hiddenBias)
            : Scripts.Recurrent(kind, steps, state, [inputWeight, hiddenWeight, inputBias, hiddenBias]);
        if (hasRows)
        {
            return states.permute(1, 2, 0);
        }

        using var only = states.squeeze(1);
        return only.transpose(0, 1);
    }

    // Where a processor does not say what caches it has, as in some virtual machines, oneDNN 3.7.1's lstm without gradients computes wrong states
    // (306 of 486 shapes, from the second position on); the one with gradients is right, and as fast. Nothing is recorded: no input asks for it.
    private static Tensor AsTrained(Tensor steps, Tensor state, Tensor inputWeight, Tensor hiddenWeight, Tensor inputBias, Tensor hiddenBias)
    {
        using var x = steps.detach();
        using var input = inputWeight.detach();
        using var hidden = hiddenWeight.detach();
        using var atInput = inputBias.detach();
        using var atHidden = hiddenBias.detach();
        using var recording = enable_grad();
        return Scripts.Recurrent("lstm", x, state, [input, hidden, atInput, atHidden]);
    }
}
