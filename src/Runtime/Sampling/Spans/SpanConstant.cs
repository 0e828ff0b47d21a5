using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A constant, with its margins.</summary>
internal sealed unsafe class SpanConstant(SpanExecutor executor, ConstantNode value) : SpanNode(executor, value)
{
    public override void Prepare()
    {
        base.Prepare();
        using var dense = value.Value.contiguous();
        var source = SpanExecutor.Start(dense);
        var rowFloats = (int)(Value.Shape.Columns * SiteStride);
        for (var row = 0; row < Value.Shape.Rows; row++)
        {
            Copy(source + ((long)row * rowFloats), Site(row, 0), rowFloats);
        }
    }

    public override void Compute(in SiteUnit unit) => throw new InvalidOperationException("Internal error of GenDsl: a constant is not computed.");
}
