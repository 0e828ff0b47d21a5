using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A tensor that outlives the step, with its name and role.</summary>
/// <param name="Name">Its name within its table, for example <c>conv1.weight</c>.</param>
/// <param name="Tensor">The tensor, owned by whoever made it.</param>
/// <param name="Role">What it is for.</param>
public sealed record StateTensor(string Name, Tensor Tensor, StateRole Role)
{
    /// <summary>Its name from the outermost table on, for example <c>G.conv1.weight</c>; unique within a trainer.</summary>
    public string Path { get; init; } = Name;

    /// <summary>Of a spectrally normalised weight, what follows each of its changes; null for all other tensors.</summary>
    internal PowerIteration? Power { get; set; }

    /// <summary>Of a kernel, the axis that counts the output features: 0, and 1 of transposed convolutions.</summary>
    public int OutputAxis { get; init; }

    /// <summary>Whether optimizers move it.</summary>
    public bool IsLearned => Role is StateRole.Kernel or StateRole.Gain;
}
