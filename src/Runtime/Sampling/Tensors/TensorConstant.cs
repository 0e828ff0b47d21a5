using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A constant, by reference unless it needs margins.</summary>
internal sealed class TensorConstant(TensorExecutor executor, ConstantNode value) : TensorNode(executor, value)
{
    public override void Prepare()
    {
        if (HasRing)
        {
            return;
        }

        Keep(Storage.Left + Storage.Right == 0
            ? value.Value.alias()
            : nn.functional.pad(value.Value, [0, 0, 0, 0, Storage.Left, Storage.Right]));
    }

    protected override Tensor Compute(SiteUnit unit) => throw new System.InvalidOperationException("Internal error of GenDsl: a constant is not computed.");
}
