using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A value that depends on nothing drawn.</summary>
internal sealed class ConstantNode(SamplerPlan plan, SiteShape shape, Tensor value) : SiteValue(plan, "constant", shape, [])
{
    /// <summary>[rows, columns, batch, features], a view where it can be.</summary>
    public Tensor Value { get; } = value;
}
