using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Values joined along their features.</summary>
internal sealed class TensorConcat(TensorExecutor executor, ConcatNode value) : TensorNode(executor, value)
{
    private readonly Tensor[] _inputs = new Tensor[value.Reads.Count];

    protected override Tensor Compute(SiteUnit unit)
    {
        var batch = Value.Shape.Batch;
        for (var i = 0; i < _inputs.Length; i++)
        {
            var input = Input(i).At(unit);
            _inputs[i] = input.size(0) == unit.Count && input.size(1) == batch ? input : Executor.Use(input.expand(unit.Count, batch, input.size(2)));
        }

        return cat(_inputs, -1);
    }
}
