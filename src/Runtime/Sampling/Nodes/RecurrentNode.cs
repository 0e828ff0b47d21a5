using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A recurrent layer over the sites in order, from a state of zeros.</summary>
internal sealed class RecurrentNode : SiteValue
{
    private readonly Tensor _inputWeight;

    public RecurrentNode(SamplerPlan plan, SiteShape shape, SiteRead read, bool isGru, Tensor inputWeight, Tensor hiddenWeight, Tensor bias, Tensor? hiddenBias)
        : base(plan, isGru ? "gru" : "lstm", shape, [read])
    {
        IsGru = isGru;
        _inputWeight = inputWeight;
        HiddenWeight = hiddenWeight;
        Bias = bias;
        HiddenBias = hiddenBias;
    }

    public bool IsGru { get; }

    /// <summary>[gates · hidden, hidden], gates in PyTorch's order: i, f, g, o, or r, z, n.</summary>
    public Tensor HiddenWeight { get; }

    /// <summary>[gates · hidden], of the input's side.</summary>
    public Tensor Bias { get; }

    /// <summary>[gates · hidden], of the state's side; null for zeros.</summary>
    public Tensor? HiddenBias { get; }

    /// <summary>Number of weights, all used at every site.</summary>
    public double Weights => _inputWeight.numel() + HiddenWeight.numel();

    /// <summary>[gates · hidden, features] with the features as they are stored. The caller disposes it.</summary>
    public Tensor PackInput()
    {
        if (Reads[0].Input.Grading is not { IsNatural: false } grading)
        {
            return _inputWeight.alias();
        }

        using var order = tensor(grading.Natural, ScalarType.Int64, _inputWeight.device);
        return _inputWeight.index_select(1, order);
    }
}
