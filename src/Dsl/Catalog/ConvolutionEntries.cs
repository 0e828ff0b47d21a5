using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

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
        new("pad", ParameterKind.Padding, "same", "same, valid, causal (in front only), down (above; columns both sides), down_right (above and left), or a number per side")
        {
            Words = ["same", "valid", "causal", "down", "down_right"],
        },
        new("dilation", ParameterKind.AxisSizes, "1", "distance between taps"),
        new("bias", ParameterKind.Switch, "true", "whether a bias is added"),
        new("init", ParameterKind.Initializer, null, "how the kernel is born; uniform within 1/sqrt(fan in) if not given") { IsOptional = true },
    ];

    public static ImmutableArray<Operation> All { get; } =
    [
        new("conv", OperationKind.Layer, Shared, c => Convolve(c, transposed: false),
            "{function}({x}, {weight}, {bias}, {stride_name}: {strides}, padding: {padding}, dilation: {dilations}{front})",
            "A convolution: [c, h, w] to [out_channels, ...]; pad: same keeps the sites (stride 1, odd kernel); causal, down and down_right look at no later site and keep sites / stride.")
        {
            Site = "{plan}.Convolve({x}, {weight}, {bias}, {stride_list}, {dilation_list}, {before_list}, {site_list}, transposed: false)",
        },
        new("conv_transpose", OperationKind.Layer, Shared, c => Convolve(c, transposed: true),
            "{function}({x}, {weight}, {bias}, {stride_name}: {strides}, padding: {padding}{kept}, dilation: {dilations}{behind})",
            "A transposed convolution; pad: same, causal, down and down_right crop to stride times the input.")
        {
            Site = "{plan}.Convolve({x}, {weight}, {bias}, {stride_list}, {dilation_list}, {before_list}, {site_list}, transposed: true)",
        },
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
            || call.AxisSizes("dilation", axes) is not { } dilation || AxisPadding.Of(call, kernel, stride, dilation, transposed) is not { } pad)
        {
            return null;
        }

        Dim channels = call.Size("out_channels");
        var shape = new List<Dim> { channels };
        for (int i = 0; i < axes; i++)
        {
            Dim reach = dilation[i] * (kernel[i] - 1);
            Dim size = transposed
                ? ((x.Shape[i + 1] - 1) * stride[i]) + reach + 1 - (2 * pad[i].Both) + pad[i].Kept - pad[i].Behind
                : Dim.FloorDivide(x.Shape[i + 1] + (2 * pad[i].Both) + pad[i].Front - reach - 1, stride[i]) + 1;
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
        var weights = new List<Weight> { new("weight", WeightRole.Kernel, call.Initializer("init", born), kernelShape) { OutputAxis = transposed ? 1 : 0 } };
        List<(string, OperationAttribute)> attributes =
        [
            .. Padded(axes, pad, transposed),
            ("stride_name", new CodeAttribute(axes == 1 ? "stride" : "strides")),
            ("strides", PerAxis(stride)), ("padding", PerAxis(pad.Select(p => p.Both))), ("dilations", PerAxis(dilation)),
            ("stride_list", new SizesAttribute(stride)), ("dilation_list", new SizesAttribute(dilation)),
            ("before_list", new SizesAttribute([.. pad.Select(p => p.Before)])), ("site_list", new SizesAttribute([.. shape.Skip(1)])),
        ];
        if (call.Switch("bias"))
        {
            weights.Add(new("bias", WeightRole.Gain, call.Has("init") ? Initializer.Zeros : born, [channels]));
        }
        else
        {
            attributes.Add(("bias", new CodeAttribute("null")));
        }

        ImmutableArray<AxisTaps> taps = [.. Enumerable.Range(0, axes).Select(i => new AxisTaps(stride[i], transposed, kernel[i], dilation[i], pad[i].Before))];
        return OperationOutcome.Of(TensorType.Real(x.Rows, [.. shape]), [.. attributes]) with { Access = new TapsAccess(taps), Weights = [.. weights] };
    }

    // What libtorch's padding does not say is told apart.
    private static IEnumerable<(string, OperationAttribute)> Padded(int axes, ImmutableArray<AxisPadding> pad, bool transposed)
    {
        string rest = transposed ? "behind" : "front";
        ImmutableArray<Dim> sizes = [.. pad.Select(p => transposed ? p.Behind : p.Front)];
        bool hasRest = sizes.Any(s => !s.Equals(Dim.Zero));
        yield return ("function", new CodeAttribute($"Layers.{(transposed ? "ConvTranspose" : "Conv")}{axes}d"));
        yield return (rest, new TemplateAttribute(hasRest ? $", {rest}: {{{rest}_sizes}}" : ""));
        yield return (rest + "_sizes", PerAxis(sizes));
        if (transposed)
        {
            ImmutableArray<Dim> kept = [.. pad.Select(p => p.Kept)];
            yield return ("kept", new TemplateAttribute(kept.Any(k => !k.Equals(Dim.Zero)) ? ", output_padding: {kept_sizes}" : ""));
            yield return ("kept_sizes", PerAxis(kept));
        }
    }

    // TorchSharp takes one number for one axis.
    private static OperationAttribute PerAxis(IEnumerable<Dim> sizes) => sizes.ToImmutableArray() is { Length: 1 } one ? new SizeAttribute(one[0]) : new SizesAttribute([.. sizes]);
}
