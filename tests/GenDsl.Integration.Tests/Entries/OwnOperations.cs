using GenDsl.Runtime;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Entries;

/// <summary>Functions that this assembly offers to programs, as a user's would.</summary>
public static class OwnOperations
{
    /// <summary>x * sigmoid(beta * x).</summary>
    [GenOperation("swish(beta: float = 1)(x)", Doc = "x * sigmoid(beta * x).")]
    public static Tensor Swish(Tensor x, double beta)
    {
        using var steep = x.mul(beta);
        using var gate = steep.sigmoid();
        return x.mul(gate);
    }

    /// <summary>The larger of neighbours along the last axis.</summary>
    [GenOperation("larger(x: [c, 2 * t]) -> [c, t]", Doc = "The larger of neighbours.")]
    public static Tensor Larger(Tensor x)
    {
        using var pairs = x.unflatten(x.dim() - 1, x.size(-1) / 2, 2);
        return pairs.amax([-1]);
    }
}
