using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Other numbers of sites, each feature by itself.</summary>
internal static class PoolingEntries
{
    private static readonly ImmutableArray<OperationParameter> Window =
    [
        new("x", ParameterKind.Tensor, null, "[c, t] or [c, h, w]"),
        new("kernel", ParameterKind.AxisSizes, null, "sites of a window, one number or one per axis"),
        new("stride", ParameterKind.AxisSizes, null, "step between windows; the kernel if not given") { IsOptional = true },
    ];

    public static ImmutableArray<Operation> All { get; } =
    [
        new("avg_pool", OperationKind.Function, Window, Pool, "Functional.avg_pool{axes}d({x}, {kernels}, {strides})",
            "The mean of every window: [c, h, w] to [c, ...]; sites at the end that fill no window are left out."),
        new("max_pool", OperationKind.Function, Window, Pool, "Functional.max_pool{axes}d({x}, {kernels}, {strides})",
            "The greatest number of every window: [c, h, w] to [c, ...]; sites at the end that fill no window are left out."),
        new("upsample", OperationKind.Function,
            [
                Window[0],
                new("scale", ParameterKind.AxisSizes, "2", "sites of the result for a site, one number or one per axis"),
                new("mode", ParameterKind.Word, "nearest", "nearest: each site again and again; bilinear: on lines between the centres of sites (linear of [c, t])") { Words = ["nearest", "bilinear"] },
            ],
            Upsample, "Layers.Upsample({x}, {scales}, bilinear: {bilinear})",
            "More sites: [c, h, w] to [c, scale * h, scale * w]."),
    ];

    private static TensorType? Sites(OperationCall call) =>
        call.RequireReal("x") && call.RequireRank("x", "[channels, time] or [channels, height, width]", 2, 3) ? call.Type("x") : null;

    private static OperationOutcome? Pool(OperationCall call)
    {
        if (Sites(call) is not { } x)
        {
            return null;
        }

        int axes = x.Shape.Length - 1;
        if (call.AxisSizes("kernel", axes) is not { } kernel || call.AxisSizes(call.Has("stride") ? "stride" : "kernel", axes) is not { } stride)
        {
            return null;
        }

        var shape = new List<Dim> { x.Shape[0] };
        for (int i = 0; i < axes; i++)
        {
            Dim size = Dim.FloorDivide(x.Shape[i + 1] - kernel[i], stride[i]) + 1;
            if (size.LowerBound is null or < 1)
            {
                return call.Fail(null, b => b.EmptySize(call.Operation.Name, x, size));
            }

            shape.Add(size);
        }

        ImmutableArray<AxisTaps> taps = [.. kernel.Zip(stride, (k, s) => new AxisTaps(s, false, k, Dim.One, Dim.Zero))];
        return OperationOutcome.Of(
            TensorType.Real(x.Rows, [.. shape]) with { Range = x.Range },
            ("axes", new SizeAttribute(axes)), ("kernels", PerAxis(kernel)), ("strides", PerAxis(stride))) with
        {
            Access = new TapsAccess(taps) { IsPerFeature = true },
        };
    }

    private static OperationOutcome? Upsample(OperationCall call)
    {
        if (Sites(call) is not { } x || call.AxisSizes("scale", x.Shape.Length - 1) is not { } scale)
        {
            return null;
        }

        bool bilinear = call.Word("mode") == "bilinear";
        if (bilinear && scale.Any(s => s.Value is null))
        {
            return call.Fail("scale", b => b.NumberOutOfRange("'scale' of 'upsample' in the mode bilinear", "an integer that is written out"));
        }

        ImmutableArray<Dim> shape = [x.Shape[0], .. x.Shape.Skip(1).Zip(scale, (size, s) => size * s)];
        return OperationOutcome.Of(
            TensorType.Real(x.Rows, shape) with { Range = x.Range },
            ("scales", new SizesAttribute(scale)), ("bilinear", new CodeAttribute(bilinear ? "true" : "false"))) with
        {
            Access = new TapsAccess([.. scale.Select(s => bilinear ? Between(s.Value!.Value) : new AxisTaps(s, true, s, Dim.One, Dim.Zero))]) { IsPerFeature = true },
        };
    }

    // The site at o of the result stands at (o + 1/2) / s - 1/2 between those of x, and reads those that are less than 1 away.
    private static AxisTaps Between(long s)
    {
        long last = s % 2 == 0 ? s / 2 : (s - 1) / 2;
        return new AxisTaps(Dim.Constant(s), true, Dim.Constant((2 * s) - (s % 2)), Dim.One, Dim.Constant(last));
    }

    // TorchSharp takes one number for one axis.
    private static OperationAttribute PerAxis(ImmutableArray<Dim> sizes) => sizes.Length == 1 ? new SizeAttribute(sizes[0]) : new SizesAttribute(sizes);
}
