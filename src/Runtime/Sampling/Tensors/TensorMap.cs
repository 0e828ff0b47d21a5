using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A kernel at every site.</summary>
internal sealed class TensorMap(TensorExecutor executor, MapNode value) : TensorNode(executor, value)
{
    private readonly Tensor[] _inputs = new Tensor[value.Reads.Count];

    protected override Tensor Compute(SiteUnit unit)
    {
        for (var i = 0; i < _inputs.Length; i++)
        {
            _inputs[i] = Input(i).At(unit);
        }

        return value.Kernel.Apply(_inputs);
    }
}
