using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A value moved on its grid.</summary>
internal sealed class TensorShift(TensorExecutor executor, ShiftNode value) : TensorNode(executor, value)
{
    protected override Tensor Compute(SiteUnit unit)
    {
        var read = Value.Reads[0];
        var source = Input().Row((int)(unit.Row + read.First.Row), (int)(unit.Column + read.First.Column), unit.Count, 1);
        return unit.Class < 0 ? source.alias() : source.narrow(-1, Value.Grading!.Start[unit.Class], Value.Grading.Count(unit.Class));
    }
}
