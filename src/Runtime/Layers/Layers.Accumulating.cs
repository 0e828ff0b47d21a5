using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Sums over the rounds of a loop.</content>
public static partial class Layers
{
    /// <summary>The sum of the rounds so far and of this one.</summary>
    /// <param name="sum">That of the rounds before, null in the first; taken over.</param>
    /// <param name="term">What this round adds, of the same shape; taken over.</param>
    /// <returns>A tensor of the caller's: in the first round <paramref name="term"/> itself.</returns>
    public static Tensor Accumulate(Tensor? sum, Tensor term)
    {
        ArgumentNullException.ThrowIfNull(term);
        if (sum is null)
        {
            return term;
        }

        // Not in place: the first term may be memory that its backward pass reads, or that another gradient is.
        var total = sum.add(term, Held.Scalar(1));
        sum.Dispose();
        term.Dispose();
        return total;
    }
}
