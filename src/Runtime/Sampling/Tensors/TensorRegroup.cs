using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>The same numbers in another order of storage.</summary>
internal sealed class TensorRegroup(TensorExecutor executor, RegroupNode value) : TensorNode(executor, value)
{
    private readonly Tensor _source = tensor(Array.ConvertAll(value.Source, Convert.ToInt64), ScalarType.Int64, executor.Plan.Device);

    public override void Dispose()
    {
        base.Dispose();
        _source.Dispose();
    }

    protected override Tensor Compute(SiteUnit unit)
    {
        var input = Input().At(unit with { Class = -1 });
        if (unit.Class < 0)
        {
            return input.index_select(2, _source);
        }

        using var part = _source.narrow(0, Value.Grading!.Start[unit.Class], Value.Grading.Count(unit.Class));
        return input.index_select(2, part);
    }
}
