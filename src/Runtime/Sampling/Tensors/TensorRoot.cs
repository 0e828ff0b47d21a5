using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>The drawn numbers, all of them.</summary>
internal sealed class TensorRoot(TensorExecutor executor, RootNode value) : TensorNode(executor, value)
{
    /// <summary>[count, channels, rows, columns].</summary>
    public Tensor Result()
    {
        using var inner = Ring.narrow(1, Storage.Left, Value.Shape.Columns);
        using var turned = inner.permute(2, 3, 0, 1);

        // Never what the next run writes to, not even where no number has to move.
        var result = empty(turned.shape, turned.dtype, turned.device);
        return result.copy_(turned);
    }

    protected override Tensor Compute(SiteUnit unit) => throw new System.InvalidOperationException("Internal error of GenDsl: the root is drawn, not computed.");
}
