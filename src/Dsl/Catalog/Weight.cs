using System.Collections.Immutable;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>The role of a tensor that outlives a step: it decides averaging, decay, checkpoint and export.</summary>
public enum WeightRole
{
    /// <summary>The matrix or filter of a layer: averaged, decayed.</summary>
    Kernel,

    /// <summary>A bias, gain, embedding or free parameter: averaged, not decayed.</summary>
    Gain,

    /// <summary>A running statistic: averaged, not learned.</summary>
    Statistic,

    /// <summary>Made once and never changed: a mask.</summary>
    Constant,

    /// <summary>Where the power iteration of a spectral norm stands: not learned, and each net's own.</summary>
    PowerVector,
}

/// <summary>How a weight is born.</summary>
/// <param name="Name">The initialiser of the catalogue.</param>
/// <param name="Arguments">Its numbers, in order.</param>
public sealed record Initializer(string Name, ImmutableArray<HostValue> Arguments)
{
    /// <summary>All 0.</summary>
    public static Initializer Zeros { get; } = new("zeros", []);

    /// <summary>All 1.</summary>
    public static Initializer Ones { get; } = new("ones", []);

    /// <summary>The norms of <c>weight_v</c> of the same layer, over all axes but one: weight normalisation then starts at its direction.</summary>
    public static Initializer NormOf(int axis) => new("norm_of", [HostValue.Of(axis)]);

    /// <summary>The left singular vector of <c>weight_orig</c> of the same layer, by power iteration from a random one; the axis counts its output features.</summary>
    public static Initializer PowerOf(int axis) => new("power_of", [HostValue.Of(axis)]);

    /// <summary>The scales of a random rotation in factors; it makes the other factors of the layer, which stand before it.</summary>
    public static Initializer Plu { get; } = new("plu", []);

    /// <summary>Uniform within 1/sqrt(fan_in) of 0: PyTorch's default for linear and convolution layers.</summary>
    public static Initializer FanIn(Dim fanIn) => new("fan_in", [HostValue.Of(fanIn)]);
}

/// <summary>A tensor of a layer.</summary>
/// <param name="Name">As in PyTorch's state dictionaries: weight, bias, running_mean.</param>
/// <param name="Role">What may be done with it.</param>
/// <param name="Initializer">How it is born.</param>
/// <param name="Shape">Its whole shape.</param>
public sealed record Weight(string Name, WeightRole Role, Initializer Initializer, ImmutableArray<Dim> Shape)
{
    /// <summary>Of a kernel, the axis that counts the output features: 0, and 1 of transposed convolutions.</summary>
    public int OutputAxis { get; init; }
}
