using System.Collections.Immutable;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Layers that standardise their input.</summary>
internal static class NormalizationEntries
{
    private const string AnyShape = "[channels], [channels, time] or [channels, height, width]";

    private static readonly OperationParameter Eps = new("eps", ParameterKind.Number, "1e-5", "added to the variance");

    public static ImmutableArray<Operation> All { get; } =
    [
        new("batch_norm", OperationKind.Layer,
            [
                new("x", ParameterKind.Tensor, null, "[c] or [c, ...]"),
                new("momentum", ParameterKind.Number, "0.1", "weight of the newest batch in the running statistics"),
                new("eps", ParameterKind.Number, "1e-5", "added to the variance"),
                new("init", ParameterKind.Initializer, null, "how the gain is born; ones if not given") { IsOptional = true },
                new("affine", ParameterKind.Switch, "true", "whether there are a learned gain and bias; without them, 'modulate' may say computed ones"),
            ],
            BatchNorm,
            "Layers.BatchNorm({x}, {weight}, {bias}, {running_mean}, {running_var}, {mode}, {momentum}, {eps})",
            "Batch normalisation over rows and sites, per channel.")
        {
            Source = "Ioffe and Szegedy 2015, arXiv:1502.03167",
            CouplesRows = true,
            UsesMode = true,
        },
        new("instance_norm", OperationKind.Function, [new("x", ParameterKind.Tensor, null, "[c, t] or [c, h, w]"), Eps],
            InstanceNorm, "Functional.layer_norm({x}, {sizes}, eps: {eps})",
            "Every channel of every sample with mean 0 and variance 1 over its sites, in training and evaluation alike; 'channel_affine' adds a learned gain and bias.")
        {
            Source = "Ulyanov et al. 2016, arXiv:1607.08022",
        },
        new("layer_norm", OperationKind.Function,
            [
                new("x", ParameterKind.Tensor, null, "[c] or [c, ...]"),
                Eps,
                new("over", ParameterKind.Word, "sample", "sample: all numbers of a sample; features: those of each site") { Words = ["sample", "features"] },
            ],
            LayerNorm, "{norm}",
            "Every sample with mean 0 and variance 1 over its numbers, or every site over its features; 'channel_affine' adds a learned gain and bias.")
        {
            Source = "Ba et al. 2016, arXiv:1607.06450",
        },
        new("group_norm", OperationKind.Layer,
            [new("x", ParameterKind.Tensor, null, "[c] or [c, ...]"), new("groups", ParameterKind.Size, null, "number of groups of consecutive channels; c is a multiple of it"), Eps],
            GroupNorm, "Layers.GroupNorm({x}, {groups}, {weight}, {bias}, {axis}, {eps})",
            "Every group of channels of every sample with mean 0 and variance 1 over its channels and sites, then a learned gain and bias for each channel, born 1 and 0.")
        {
            Source = "Wu and He 2018, arXiv:1803.08494",
        },
        new("channel_affine", OperationKind.Layer,
            [
                new("x", ParameterKind.Tensor, null, "[c] or [c, ...]"),
                new("init", ParameterKind.Initializer, null, "how the gain is born; ones if not given") { IsOptional = true },
            ],
            ChannelAffine, "Layers.ChannelAffine({x}, {weight}, {bias}, {axis})",
            "gain * x + bias, a learned pair for each channel, born 1 and 0."),
        new("modulate", OperationKind.Function,
            [
                new("x", ParameterKind.Tensor, null, "[c] or [c, ...]"),
                new("scale", ParameterKind.Tensor, null, "[c]"),
                new("shift", ParameterKind.Tensor, null, "[c]"),
            ],
            Modulate, "Layers.ChannelAffine({x}, {scale}, {shift}, {axis})",
            "scale * x + shift, a computed pair for each channel of each sample: behind a normalisation, what a class or style says.")
        {
            Source = "Perez et al. 2018, arXiv:1709.07871",
        },
    ];


    private static OperationOutcome? BatchNorm(OperationCall call)
    {
        if (Checked(call, "batch_norm") is not { } x)
        {
            return null;
        }

        bool affine = call.Switch("affine");
        if (!affine && call.Has("init"))
        {
            return call.Fail("init", b => b.NotAllowedHere("'init', which is about the gain,", "a 'batch_norm' without one"));
        }

        ImmutableArray<Dim> channels = [x.Shape[0]];
        ImmutableArray<Weight> learned = [new("weight", WeightRole.Gain, call.Initializer("init", Initializer.Ones), channels), new("bias", WeightRole.Gain, Initializer.Zeros, channels)];
        ImmutableArray<(string, OperationAttribute)> none = [("weight", new CodeAttribute("null")), ("bias", new CodeAttribute("null"))];
        return OperationOutcome.Of(
            TensorType.Real(x.Rows, x.Shape),
            [
                ("momentum", new NumberAttribute(call.Number("momentum"))),
                ("eps", new NumberAttribute(call.Number("eps"))),
                .. affine ? [] : none,
            ]) with
        {
            Access = Access.BatchStatistics,
            Weights =
            [
                .. affine ? learned : [],
                new("running_mean", WeightRole.Statistic, Initializer.Zeros, channels),
                new("running_var", WeightRole.Statistic, Initializer.Ones, channels),
            ],
        };
    }

    private static OperationOutcome? InstanceNorm(OperationCall call) =>
        call.RequireReal("x") && call.RequireRank("x", "[channels, time] or [channels, height, width]", 2, 3) && IsAboveZero(call)
            ? Standardised(call, call.Type("x").Shape.RemoveAt(0))
            : null;

    private static OperationOutcome? LayerNorm(OperationCall call)
    {
        if (!call.RequireReal("x") || !call.RequireRank("x", AnyShape, 1, 2, 3) || !IsAboveZero(call))
        {
            return null;
        }

        TensorType x = call.Type("x");
        bool bySite = call.Word("over") == "features" && x.Shape.Length > 1;
        OperationOutcome outcome = Standardised(call, x.Shape, ("norm", new TemplateAttribute(bySite ? "Layers.FeatureNorm({x}, {axis}, {eps})" : "Functional.layer_norm({x}, {sizes}, eps: {eps})")));
        return bySite ? outcome with { Access = Access.Features } : outcome;
    }

    private static OperationOutcome? GroupNorm(OperationCall call) =>
        ChannelAffine(call) is not { } affine || !IsAboveZero(call) ? null
        : call.Type("x").Shape[0].TryDivide(call.Size("groups")) is null ? call.Fail("groups", b => b.NotDivisible("group_norm", call.Type("x"), call.Size("groups")))
        : Standardised(call, call.Type("x").Shape, ("groups", new SizeAttribute(call.Size("groups")))) with { Weights = affine.Weights };

    private static OperationOutcome Standardised(OperationCall call, ImmutableArray<Dim> over, params (string, OperationAttribute)[] more)
    {
        TensorType x = call.Type("x");
        return OperationOutcome.Of(
            TensorType.Real(x.Rows, x.Shape),
            [.. more, ("sizes", new SizesAttribute(over)), ("axis", Axis(x)), ("eps", new NumberAttribute(call.Number("eps")))]) with
        {
            Access = Access.Everything,
        };
    }

    private static OperationOutcome? ChannelAffine(OperationCall call)
    {
        if (!call.RequireReal("x") || !call.RequireRank("x", AnyShape, 1, 2, 3))
        {
            return null;
        }

        TensorType x = call.Type("x");
        ImmutableArray<Dim> channels = [x.Shape[0]];
        return OperationOutcome.Of(TensorType.Real(x.Rows, x.Shape), ("axis", Axis(x))) with
        {
            Weights = [new("weight", WeightRole.Gain, call.Initializer("init", Initializer.Ones), channels), new("bias", WeightRole.Gain, Initializer.Zeros, channels)],
        };
    }

    private static OperationOutcome? Modulate(OperationCall call)
    {
        if (!call.RequireReal("x") || !call.RequireReal("scale") || !call.RequireReal("shift") || !call.RequireRank("x", AnyShape, 1, 2, 3))
        {
            return null;
        }

        TensorType x = call.Type("x");
        Interval range = (x.Range * call.Type("scale").Range) + call.Type("shift").Range;
        Rows? rows = x.Rows;
        foreach (string name in new[] { "scale", "shift" })
        {
            TensorType side = call.Type(name);
            if (side.Shape.Length != 1 || !side.Shape[0].Equals(x.Shape[0]))
            {
                return call.Fail(name, b => b.WrongArgumentShape("modulate", name, TensorType.ShapeOf([x.Shape[0]]), side, null));
            }

            if (side.Rows is not null && rows is not null && !side.Rows.Equals(rows))
            {
                return call.Fail(name, b => b.RowsMix("modulate", rows, side.Rows));
            }

            rows ??= side.Rows;
        }

        // The template lines up the channels of values that all have rows, or that all have none.
        return Equals(call.Type("scale").Rows, call.Type("shift").Rows)
            ? OperationOutcome.Of(TensorType.Real(rows, x.Shape) with { Range = range }, ("axis", Axis(x))) with { Access = x.Shape.Length == 1 ? Access.Pointwise : Access.Everything }
            : call.Fail("shift", b => b.ShapesDiffer("modulate", "'scale'", call.Type("scale"), "'shift'", call.Type("shift")));
    }

    private static OperationAttribute Axis(TensorType x) => new SizeAttribute(x.Rows is null ? 0 : 1);

    private static bool IsAboveZero(OperationCall call) => call.Demand("eps", Ranges.Interval.Positive);

    /// <summary>The type of what is standardised over a batch; null, reported, where that cannot be.</summary>
    public static TensorType? Checked(OperationCall call, string name)
    {
        if (!call.RequireReal("x") || !call.RequireRank("x", AnyShape, 1, 2, 3))
        {
            return null;
        }

        TensorType x = call.Type("x");
        if (x.Rows is null)
        {
            call.Fail("x", b => b.NeedsRows(name));
            return null;
        }

        IsAboveZero(call);
        call.Demand("momentum", Ranges.Interval.Unit);

        return x;
    }
}
