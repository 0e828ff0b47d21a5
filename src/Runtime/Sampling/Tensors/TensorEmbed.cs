using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Table entries, component by component.</summary>
internal sealed class TensorEmbed(TensorExecutor executor, EmbedNode value) : TensorNode(executor, value)
{
    protected override Tensor Compute(SiteUnit unit)
    {
        var x = Input().At(unit);
        using var indices = x.to(ScalarType.Int64);
        using var flat = indices.reshape(-1);
        var entries = value.Table.index_select(0, flat);
        using var shaped = entries.view(x.size(0), x.size(1), x.size(2), -1);
        entries.Dispose();
        using var turned = shaped.transpose(2, 3);
        return turned.reshape(x.size(0), x.size(1), -1);
    }
}
