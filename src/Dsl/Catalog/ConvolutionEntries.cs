using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Catalog;

/// <summary>Convolutions over one or two site axes; the first per-sample axis holds the channels.</summary>
internal static class ConvolutionEntries
{
    private static readonly ImmutableArray<OperationParameter> Shared =
    [
        new("x", ParameterKind.Tensor, null, "[c, t] or [c, h, w]"),
        new("out_channels", ParameterKind.Size, null, "channels of the result"),
        new("kernel", ParameterKind.AxisSizes, null, "kernel size, one number or one per axis"),
        new("stride", ParameterKind.AxisSizes, "1", "step between sites"),
        new("pad", ParameterKind.Padding, "same", "same, valid or a number per side") { Words = ["same", "valid"] },
        new("dilation", ParameterKind.AxisSizes, "1", "distance between taps"),
        new("bias", ParameterKind.Switch, "true", "whether a bias is added"),
        new("init", ParameterKind.Initializer, null, "how the kernel is born; uniform within 1/sqrt(fan in) if not given") { IsOptional = true },
    ];

    public static ImmutableArray<Operation> All { get; } =
    [
        new("conv", OperationKind.Layer, Shared, c => Convolve(c, transposed: false),
            "Functional.conv{axes}d({x}, {weight}, {bias}, {stride_name}: {strides}, padding: {padding}, dilation: {dilations})",
            "A convolution: [c, h, w] to [out_channels, ...]; pad: same keeps the sites (stride 1, odd kernel)."),
        new("conv_transpose", OperationKind.Layer, Shared, c => Convolve(c, transposed: true),
            "Functional.conv_transpose{axes}d({x}, {weight}, {bias}, {stride_name}: {strides}, padding: {padding}, dilation: {dilations})",
            "A transposed convolution; pad: same crops to stride times the input."),
    ];

    private static OperationOutcome? Convolve(OperationCall call, bool transposed)
    {
        if (!call.RequireReal("x") || !call.RequireRank("x", "[channels, time] or [channels, height, width]", 2, 3))
        {
            return null;
        }

        TensorType x = call.Type("x");
        int axes = x.Shape.Length - 1;
        if (call.AxisSizes("kernel", axes) is not { } kernel || call.AxisSizes("stride", axes) is not { } stride
            || call.AxisSizes("dilation", axes) is not { } dilation || Padding(call, axes, kernel, stride, dilation, transposed) is not { } pad)
        {
            return null;
        }

        Dim channels = call.Size("out_channels");
        var shape = new List<Dim> { channels };
        for (int i = 0; i < axes; i++)
        {
            Dim reach = dilation[i] * (kernel[i] - 1);
            Dim size = transposed
                ? ((x.Shape[i + 1] - 1) * stride[i]) - (2 * pad[i]) + reach + 1
                : Dim.FloorDivide(x.Shape[i + 1] + (2 * pad[i]) - reach - 1, stride[i]) + 1;
            if (size.LowerBound is null or < 1)
            {
                return call.Fail(null, b => b.EmptySize(call.Operation.Name, x, size));
            }

            shape.Add(size);
        }

        Dim inputs = x.Shape[0];
        Dim area = Dim.Product(kernel);

        // PyTorch counts the fan-in of a transposed kernel [in, out, ...] from its second axis.
        Initializer born = Initializer.FanIn((transposed ? channels : inputs) * area);
        ImmutableArray<Dim> kernelShape = transposed ? [inputs, channels, .. kernel] : [channels, inputs, .. kernel];
        var weights = new List<Weight> { new("weight", WeightRole.Kernel, call.Initializer("init", born), kernelShape) };
        var attributes = new List<(string, IrAttribute)>
        {
            ("axes", new SizeAttribute(axes)), ("stride_name", new CodeAttribute(axes == 1 ? "stride" : "strides")),
            ("strides", PerAxis(stride)), ("padding", PerAxis(pad)), ("dilations", PerAxis(dilation)),
        };
        if (call.Switch("bias"))
        {
            weights.Add(new("bias", WeightRole.Gain, call.Has("init") ? Initializer.Zeros : born, [channels]));
        }
        else
        {
            attributes.Add(("bias", new CodeAttribute("null")));
        }

        ImmutableArray<AxisTaps> taps = [.. Enumerable.Range(0, axes).Select(i => new AxisTaps(stride[i], transposed, kernel[i], dilation[i], pad[i]))];
        return OperationOutcome.Of(TensorType.Real(x.Rows, [.. shape]), [.. attributes]) with { Access = new TapsAccess(taps), Weights = [.. weights] };
    }

    // TorchSharp takes one number for one axis.
    private static IrAttribute PerAxis(ImmutableArray<Dim> sizes) => sizes.Length == 1 ? new SizeAttribute(sizes[0]) : new SizesAttribute(sizes);

    private static ImmutableArray<Dim>? Padding(
        OperationCall call, int axes, ImmutableArray<Dim> kernel, ImmutableArray<Dim> stride, ImmutableArray<Dim> dilation, bool transposed)
    {
        switch (call.Word("pad"))
        {
            case null:
                return call.AxisSizes("pad", axes);
            case "valid":
                return [.. Enumerable.Repeat(Dim.Zero, axes)];
        }

        var pad = new List<Dim>();
        for (int i = 0; i < axes; i++)
        {
            // same: the taps beyond the stride are shared out evenly over both sides.
            Dim spare = (dilation[i] * (kernel[i] - 1)) + 1 - (transposed ? stride[i] : Dim.One);
            if ((!transposed && !stride[i].Equals(Dim.One)) || spare.TryDivide(2) is not { } half || half.Value < 0)
            {
                call.Fail("pad", b => b.SamePaddingImpossible(call.Operation.Name, kernel[i], stride[i], transposed));
                return null;
            }

            pad.Add(half);
        }

        return [.. pad];
    }
}
