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
        using var states = Scripts.Recurrent(kind, steps, state, [inputWeight, hiddenWeight, inputBias, hiddenBias]);
        if (hasRows)
        {
            return states.permute(1, 2, 0);
        }

        using var only = states.squeeze(1);
        return only.transpose(0, 1);
    }
}
