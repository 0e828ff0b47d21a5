using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A map that is the best for all rows of a source, gathered batch by batch.</summary>
public interface ISolver : IDisposable
{
    /// <summary>Adds rows; the tensors stay the caller's.</summary>
    /// <param name="x">What is mapped, shape <c>[n, d]</c>.</param>
    /// <param name="y">What it is to become, shape <c>[n, e]</c>.</param>
    void Add(Tensor x, Tensor y);

    /// <summary>The matrix, f64 of shape <c>[e, d]</c>: a new tensor.</summary>
    /// <exception cref="GenDslException">There are no rows, or they are not finite.</exception>
    Tensor Solution();
}
