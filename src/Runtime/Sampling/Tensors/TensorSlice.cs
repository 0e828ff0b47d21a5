using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>An interval of the features.</summary>
internal sealed class TensorSlice(TensorExecutor executor, SliceNode value) : TensorNode(executor, value)
{
    protected override Tensor Compute(SiteUnit unit) =>
        Input().At(unit).narrow(-1, value.First, unit.Class < 0 ? Value.Features : Value.Grading!.Count(unit.Class));
}
