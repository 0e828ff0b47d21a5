using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A batch of samples of a declared space, as a type of its own.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface ISpace<TSelf>
    where TSelf : struct, ISpace<TSelf>
{
    /// <summary>What is known of the space.</summary>
    static abstract SpaceInfo Info { get; }

    /// <summary>The samples, shape <c>[n, ...space]</c>.</summary>
    Tensor Tensor { get; }

    /// <summary>Takes a tensor as samples of the space, after checking shape, element type and range.</summary>
    static abstract TSelf From(Tensor tensor);
}
