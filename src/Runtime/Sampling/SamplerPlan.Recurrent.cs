using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Recurrent layers.</content>
public sealed partial class SamplerPlan
{
    /// <summary>A long short-term memory (Hochreiter and Schmidhuber 1997) over the sites in order, from a state of zeros.</summary>
    /// <param name="x">[f, T].</param>
    /// <param name="inputWeight">[4 · hidden, f]; gates i, f, g, o.</param>
    /// <param name="hiddenWeight">[4 · hidden, hidden].</param>
    /// <param name="bias">[4 · hidden].</param>
    /// <param name="hiddenBias">[4 · hidden], added to the former.</param>
    /// <returns>The states [hidden, T].</returns>
    public SiteValue Lstm(SiteValue x, Tensor inputWeight, Tensor hiddenWeight, Tensor bias, Tensor? hiddenBias = null) =>
        Recurrent(x, inputWeight, hiddenWeight, bias, hiddenBias, isGru: false);

    /// <summary>A gated recurrent unit (Cho et al. 2014) over the sites in order, from a state of zeros, with the reset after the matrix as in PyTorch.</summary>
    /// <param name="x">[f, T].</param>
    /// <param name="inputWeight">[3 · hidden, f]; gates r, z, n.</param>
    /// <param name="hiddenWeight">[3 · hidden, hidden].</param>
    /// <param name="bias">[3 · hidden], of the input's side.</param>
    /// <param name="hiddenBias">[3 · hidden], of the state's side; zeros if not given.</param>
    /// <returns>The states [hidden, T].</returns>
    public SiteValue Gru(SiteValue x, Tensor inputWeight, Tensor hiddenWeight, Tensor bias, Tensor? hiddenBias = null) =>
        Recurrent(x, inputWeight, hiddenWeight, bias, hiddenBias, isGru: true);

    private RecurrentNode Recurrent(SiteValue x, Tensor inputWeight, Tensor hiddenWeight, Tensor bias, Tensor? hiddenBias, bool isGru)
    {
        RequireOwn(x);
        RequireMatrix(inputWeight);
        RequireMatrix(hiddenWeight);
        var gates = isGru ? 3 : 4;
        var hidden = hiddenWeight.size(1);
        if (x.Shape.Axes != 1 || inputWeight.size(1) != x.Features || inputWeight.size(0) != gates * hidden || hiddenWeight.size(0) != gates * hidden || bias.numel() != gates * hidden)
        {
            throw new ArgumentException(FormattableString.Invariant($"A recurrent layer over {x} needs one site axis and weights [{gates} · hidden, {x.Features}], [{gates} · hidden, hidden], [{gates} · hidden]."));
        }

        var read = SiteRead.Own(x, (x.Grading?.Classes ?? 1) - 1);
        return new RecurrentNode(
            this, x.Shape with { Features = hidden, Grading = null }, read, isGru, Keep(inputWeight), Keep(hiddenWeight), Keep(bias), hiddenBias is null ? null : Keep(hiddenBias));
    }
}
