using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Layers that see only what comes before, because the rest of their weight is masked.</summary>
internal static class MaskedEntries
{
    private static readonly OperationParameter Bias = new("bias", ParameterKind.Switch, "true", "whether a bias is added");

    private static readonly OperationParameter Init = new("init", ParameterKind.Initializer, null, "how the weight is born; uniform within 1/sqrt(fan in) if not given") { IsOptional = true };

    /// <summary>The weight that a masked layer is applied with. The elaborator gives its type.</summary>
    private static readonly Operation Masked = new("~masked_weight", OperationKind.Function, [], _ => null, "{weight}.mul({mask})", "The weight, 0 where it is masked.") { KeptBy = "{mask}" };

    public static ImmutableArray<Operation> All { get; } =
    [
        new("masked_conv", OperationKind.Layer,
            [
                new("x", ParameterKind.Tensor, null, "[c, t] or [c, h, w]"),
                new("out_channels", ParameterKind.Size, null, "channels of the result"),
                new("kernel", ParameterKind.AxisSizes, null, "size of the whole kernel, odd; what comes behind its centre is masked"),
                new("mask", ParameterKind.Word, null, "what is kept of the centre: A, earlier groups only; B, the own group too") { Words = ["A", "B"] },
                new("groups", ParameterKind.Size, "1", "number of colour groups; channel k is in group k mod groups"),
                new("dilation", ParameterKind.AxisSizes, "1", "distance between taps"),
                Bias,
                Init,
            ],
            MaskedConvolution,
            "Layers.MaskedConv{axes}d({x}, {weight}, {bias}, {dilations})",
            "A convolution of the rows above, the columns to the left and, at the centre, of some channels: [c, h, w] to [out_channels, h, w].")
        {
            Source = "van den Oord et al. 2016, arXiv:1601.06759",
            Prepared = Masked,
            Site = "{plan}.MaskedConvolve({x}, {plan}.Hold(Layers.SpreadKernel({weight}, {dilation_list})), {bias}, {before_list}, {site_list}, {groups}, strict: {strict})",
        },
        new("masked_linear", OperationKind.Layer,
            [
                new("x", ParameterKind.Tensor, null, "features, [in]: variables, or the result of another masked_linear"),
                new("out_features", ParameterKind.Size, null, "size of the result"),
                new("strict", ParameterKind.Switch, "false", "true for the last layer: feature k sees the variables before k mod their number, not that one itself"),
                Bias,
                Init,
            ],
            MaskedLinear,
            "Functional.linear({x}, {weight}, {bias})",
            "An affine map in which features stand for variables in turn, and see those up to their own: [in] to [out_features].")
        {
            Source = "Germain et al. 2015, arXiv:1502.03509",
            Prepared = Masked,
            Site = "{plan}.MaskedLinear({x}, {weight}, {bias}, {order}, strict: {strict})",
        },
    ];

    // The rows below the centre are not stored; of its own row, the mask keeps what is to the left.
    private static OperationOutcome? MaskedConvolution(OperationCall call)
    {
        if (!call.RequireReal("x") || !call.RequireRank("x", "[channels, time] or [channels, height, width]", 2, 3))
        {
            return null;
        }

        TensorType x = call.Type("x");
        int axes = x.Shape.Length - 1;
        if (call.AxisSizes("kernel", axes) is not { } kernel || call.AxisSizes("dilation", axes) is not { } dilation)
        {
            return null;
        }

        var halves = new List<Dim>();
        foreach (Dim size in kernel)
        {
            if ((size - 1).TryDivide(2) is not { } half)
            {
                return call.Fail("kernel", b => b.NumberOutOfRange("'kernel' of 'masked_conv'", "odd: the centre tap is the site itself"));
            }

            halves.Add(half);
        }

        Dim inputs = x.Shape[0];
        Dim channels = call.Size("out_channels");
        Dim groups = call.Size("groups");
        bool strict = call.Word("mask") == "A";
        ImmutableArray<Dim> taps = [halves[0] + 1, .. kernel.Skip(1)];

        // Whole rows in front, then the columns to the left, then the channels of the centre that the last group sees.
        Dim earlier = axes == 1 ? halves[0] : (halves[0] * kernel[1]) + halves[1];
        Dim kept = (inputs * earlier) + inputs - (strict ? Dim.FloorDivide(inputs, groups) : Dim.Zero);
        if (kept.Equals(Dim.Zero))
        {
            return call.Fail("kernel", b => b.NumberOutOfRange("'kernel' of 'masked_conv' with mask A and one group", "3 or above: nothing is left of a single tap"));
        }

        Initializer born = Initializer.FanIn(kept.LowerBound >= 1 ? kept : Dim.Max(kept, Dim.One));

        // With one group the mask is the same for all channels.
        ImmutableArray<Dim> masked = groups.Equals(Dim.One) ? [Dim.One, Dim.One, .. taps] : [channels, inputs, .. taps];
        var mask = new Initializer("tap_mask", [HostValue.Of(groups), Truth(strict)]);
        ImmutableArray<AxisTaps> access = [.. Enumerable.Range(0, axes).Select(i => new AxisTaps(Dim.One, false, taps[i], dilation[i], dilation[i] * halves[i]))];
        return WithWeights(
            call, TensorType.Real(x.Rows, x.Shape.SetItem(0, channels)), born, [channels, inputs, .. taps], new("mask", WeightRole.Constant, mask, masked),
            ("axes", new SizeAttribute(axes)),
            ("dilations", axes == 1 ? new SizeAttribute(dilation[0]) : new SizesAttribute(dilation)),
            ("dilation_list", new SizesAttribute(dilation)),
            ("before_list", new SizesAttribute([.. access.Select(a => a.Before)])),
            ("site_list", new SizesAttribute([.. x.Shape.Skip(1)])),
            ("groups", new SizeAttribute(groups)),
            ("strict", new CodeAttribute(strict ? "true" : "false"))) with
        {
            Access = new TapsAccess(access) { Mask = new TapMask(strict, groups) },
        };
    }

    // The classes of MADE: hidden features never need the last variable, so they are spread over one class fewer.
    private static OperationOutcome? MaskedLinear(OperationCall call)
    {
        if (!call.RequireReal("x") || !call.RequireRank("x", "[features]", 1))
        {
            return null;
        }

        TensorType x = call.Type("x");
        Dim size = call.Size("out_features");
        bool strict = call.Switch("strict");
        Dim order = x.Order ?? x.Shape[0];
        Dim from = x.Classes ?? order;
        Dim to = strict ? order : (order - 1).LowerBound >= 1 ? order - 1 : Dim.Max(order - 1, Dim.One);
        var mask = new Initializer("class_mask", [HostValue.Of(from), HostValue.Of(to), Truth(strict)]);
        return WithWeights(
            call, TensorType.Real(x.Rows, [size]) with { Order = order, Classes = to }, Initializer.FanIn(x.Shape[0]), [size, x.Shape[0]], new("mask", WeightRole.Constant, mask, [size, x.Shape[0]]),
            ("order", new SizeAttribute(order)),
            ("strict", new CodeAttribute(strict ? "true" : "false"))) with
        {
            Access = new ClassesAccess(order, strict),
        };
    }

    private static OperationOutcome WithWeights(
        OperationCall call, TensorType result, Initializer born, ImmutableArray<Dim> shape, Weight mask, params (string, OperationAttribute)[] attributes)
    {
        var weights = new List<Weight> { new("weight", WeightRole.Kernel, call.Initializer("init", born), shape), mask };
        if (!call.Switch("bias"))
        {
            return OperationOutcome.Of(result, [.. attributes, ("bias", new CodeAttribute("null"))]) with { Weights = [.. weights] };
        }

        weights.Add(new("bias", WeightRole.Gain, call.Has("init") ? Initializer.Zeros : born, [shape[0]]));
        return OperationOutcome.Of(result, attributes) with { Weights = [.. weights] };
    }

    private static HostValue Truth(bool value) => new(HostKind.Bool, new HostLiteral(value ? "true" : "false"), null, Ranges.Interval.Unit);
}
