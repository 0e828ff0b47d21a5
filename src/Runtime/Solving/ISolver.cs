using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A map that is the best for all rows of a source, gathered batch by batch. Batches are added as the solver itself says.</summary>
public interface ISolver : IDisposable
{
    /// <summary>The matrix, f64 of shape <c>[e, d]</c>: a new tensor.</summary>
    /// <exception cref="GenDslException">There are no rows, or they are not finite.</exception>
    Tensor Solution();
}
