using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Bijections, partitions, and what the compiler inserts to undo autoregressive updates.</summary>
internal static class FlowEntries
{
    private static readonly OperationParameter X = new("x", ParameterKind.Tensor, null, "any shape");

    /// <summary>The words of a hyperparameter of type <c>partition</c>.</summary>
    public static ImmutableArray<string> Partitions { get; } = ["checkerboard", "channels", "top_bottom", "left_right"];

    /// <summary>A mask that is 1 on the first part of a partition. The elaborator gives its type.</summary>
    public static Operation Mask { get; } = new(
        "~partition_mask", OperationKind.Function, [X], _ => null, "Partitions.Mask(PartitionKind.{kind}, {parity}, {sizes}, {x})", "1 on the first part of a partition, 0 on the second.") { CutsGradient = true };

    /// <summary>Levels as reals in [0, 1) by noise. The elaborator gives its type.</summary>
    public static Operation Dequantize { get; } = new(
        "~dequantize", OperationKind.Function, [X, new("noise", ParameterKind.Tensor, null, "in [0, 1)")], _ => null, "Dequantization.Dequantize({x}, {noise}, {levels})", "(k + u) / levels.")
    {
        Source = "Theis et al. 2016, arXiv:1511.01844",
        Inverse = "Dequantization.{undo}({x}, {levels})",
    };

    /// <summary>Normal noise at another temperature, a parameter of the sampler.</summary>
    public static Operation Temper { get; } = new("~temper", OperationKind.Function, [X], _ => null, "{x}.mul(temperature)", "Noise, colder or hotter.") { InPlace = "{x}.mul_(temperature)" };

    /// <summary>What the masks of all positions are read from. The elaborator gives its type.</summary>
    public static Operation Positions { get; } = new(
        "~positions", OperationKind.Function, [X], _ => null, "Bijections.Positions({x})", "The masks of all positions, in one another.") { CutsGradient = true };

    /// <summary>True at one position of the order in which an inverse recovers its data.</summary>
    public static Operation PositionMask { get; } = new(
        "~position_mask", OperationKind.Function, [X, new("positions", ParameterKind.Tensor, null, "the masks of all")], _ => null, "Bijections.PositionMask({positions}, {x}, {position}, channelsLast: {channels})", "True at one position.")
    {
        CutsGradient = true,
        IsView = true,
    };

    /// <summary>An estimate that takes over one position.</summary>
    public static Operation TakePosition { get; } = new(
        "~take_position", OperationKind.Function, [X, new("computed", ParameterKind.Tensor, null, "the new estimate"), new("here", ParameterKind.Tensor, null, "where to take it")],
        _ => null, "Bijections.TakePosition({x}, {computed}, {here})", "The new estimate at a position, the old one elsewhere.");

    /// <summary>The number at one position of vectors. The elaborator gives its type.</summary>
    public static Operation AtPosition { get; } = new("~at_position", OperationKind.Function, [X], _ => null, "{x}.narrow({axis}, {position}, 1)", "One number of a vector.") { IsView = true };

    /// <summary>An estimate that takes over the number at one position of vectors. It has no other reader.</summary>
    public static Operation PutPosition { get; } = new(
        "~put_position", OperationKind.Function, [X, new("computed", ParameterKind.Tensor, null, "the number, [1]")], _ => null, "Bijections.PutPosition({x}, {computed}, {position})", "The new number at a position, the old ones elsewhere.")
    {
        IsView = true,
    };

    public static ImmutableArray<Operation> All { get; } =
    [
        new("halves", OperationKind.Function, [X], Halves, "{x}.chunk({chunks}, {axis})", "The first per-sample axis in two halves, as a tuple.") { IsView = true, Site = "{plan}.Chunk({x}, {chunks})" },
        new("dequantize", OperationKind.Function, 
            [new("x", ParameterKind.Tensor, null, "levels, bits or mu-law levels"), new("noise", ParameterKind.Number, null, "a model of numbers in [0, 1], applied to its conditions; uniform if not given") { IsOptional = true }], _ => null, "", "Levels as reals in [0, 1): (k + u) / levels with noise u, uniform or from a model. Models only; the change of scale is counted.")
        {
            Source = "Theis et al. 2016, arXiv:1511.01844",
        },
        new("logit", OperationKind.Function,
            [X, new("alpha", ParameterKind.Number, "0", "how far the ends are moved inwards: p = alpha + (1 - 2 alpha) x")],
            Logit, "Bijections.Logit({x}, {alpha})", "log p - log(1 - p) with p = alpha + (1 - 2 alpha) x, for x in [0, 1], or in (0, 1) where alpha is 0.")
        {
            Source = "Dinh et al. 2017, RealNVP, arXiv:1605.08803",
            Inverse = "Bijections.InverseLogit({x}, {alpha})",
            LogDet = "Bijections.LogitLogDet({y}, {alpha})",
        },
        new("affine", OperationKind.Function,
            [X, new("scale", ParameterKind.Number, "1", "what each number is multiplied with, other than 0"), new("shift", ParameterKind.Number, "0", "what is added then")],
            Affine, "{there}", "scale * x + shift.")
        {
            Inverse = "{back}",
            LogDet = "",
        },
        new("normal_quantile", OperationKind.Function, [X], NormalQuantile, "Bijections.NormalQuantile({x})", "Where the standard normal distribution function is x, for x in (0, 1).")
        {
            Inverse = "Bijections.NormalCdf({x})",
            LogDet = "Bijections.NormalQuantileLogDet({y})",
            KeepsOutput = true,
        },
        new("mixture_cdf", OperationKind.Function,
            [X, new("logits", ParameterKind.Tensor, null, "of the weights: [k, ...] for x of [...]"), new("means", ParameterKind.Tensor, null, "[k, ...]"), new("scales", ParameterKind.Tensor, null, "[k, ...], above 0")],
            MixtureCdf, "Bijections.MixtureCdf({x}, {logits}, {means}, {scales})", "The distribution function of a mixture of k logistics, number by number; its inverse is bracketed.")
        {
            Source = "Ho et al. 2019, Flow++, arXiv:1902.00275",
            Inverse = "Bijections.MixtureCdfInverse({x}, {logits}, {means}, {scales})",
            LogDet = "Bijections.MixtureCdfLogDet({x}, {logits}, {means}, {scales})",
        },
        new("squeeze", OperationKind.Function, [new("x", ParameterKind.Tensor, null, "[c, h, w], h and w even")], Squeeze, "Bijections.Squeeze({x})", "Blocks of 2 by 2 sites as channels: [c, h, w] to [4 c, h / 2, w / 2].")
        {
            Source = "Dinh et al. 2017, RealNVP, arXiv:1605.08803",
            Inverse = "Bijections.Unsqueeze({x})",
        },
        new("actnorm", OperationKind.Layer, [new("x", ParameterKind.Tensor, null, "[c] or [c, ...]")],
            Actnorm, "Bijections.Actnorm({x}, {bias}, {log_scale}, {mode})", "(x + bias) * exp(log_scale) per channel; the first batch sets both so that the result has mean 0 and variance 1.")
        {
            Source = "Kingma and Dhariwal 2018, Glow, arXiv:1807.03039",
            Inverse = "Bijections.ActnormInverse({x}, {bias}, {log_scale})",
            LogDet = "Bijections.ActnormLogDet({x}, {log_scale})",
            UsesMode = true,
            InitialisesFromData = true,
        },
        new("batch_affine", OperationKind.Layer,
            [
                new("x", ParameterKind.Tensor, null, "[c] or [c, ...]"),
                new("momentum", ParameterKind.Number, "0.1", "weight of the newest batch in the running statistics"),
                new("eps", ParameterKind.Number, "1e-5", "added to the variance"),
            ],
            BatchAffine, "Bijections.BatchAffine({x}, {log_gamma}, {beta}, {running_mean}, {running_var}, {momentum}, {eps}, {mode})",
            "Batch normalisation as a bijection: in training by the statistics of the batch, whose log-determinant is then the batch's; in evaluation, and backwards, by running ones.")
        {
            Source = "Dinh et al. 2017, arXiv:1605.08803; Papamakarios et al. 2017, arXiv:1705.07057",
            Inverse = "Bijections.BatchAffineInverse({x}, {log_gamma}, {beta}, {running_mean}, {running_var}, {eps})",
            LogDet = "Bijections.BatchAffineLogDet({x}, {log_gamma}, {running_var}, {eps}, {mode})",
            CouplesRows = true,
            UsesMode = true,
        },
        new("invertible_conv1x1", OperationKind.Layer, [new("x", ParameterKind.Tensor, null, "[c] or [c, h, w]")],
            InvertibleConv, "Bijections.InvertibleConv1x1({x}, {permutation}, {lower}, {upper}, {sign}, {log_s})", "A learned mixing of the channels of each site, kept as P L (U + diag(s)); a rotation at first.")
        {
            Source = "Kingma and Dhariwal 2018, Glow, arXiv:1807.03039",
            Inverse = "Bijections.InvertibleConv1x1Inverse({x}, {permutation}, {lower}, {upper}, {sign}, {log_s})",
            LogDet = "Bijections.InvertibleConv1x1LogDet({x}, {log_s})",
        },
        Mask, Dequantize, Temper, Positions, PositionMask, TakePosition, AtPosition, PutPosition,
    ];

    /// <summary>The operation that undoes another: its first argument is the result, and its own inverse is the other.</summary>
    public static Operation InverseOf(Operation operation) => operation.Undoes
        ?? operation with
        {
            Undoes = operation,
            Name = "~inverse_" + operation.Name.TrimStart('~'), Call = operation.Inverse!, Inverse = operation.Call, KeepsOutput = true, InPlace = null, Site = null, IsView = false, UsesMode = false, InitialisesFromData = false,
            LogDet = operation.LogDet is { Length: > 0 } way ? Swapped(way) + ".neg_()" : operation.LogDet,
        };

    // Argument and result change places.
    private static string Swapped(string template) => template.Replace("{x}", "{~}").Replace("{y}", "{x}").Replace("{~}", "{y}");

    /// <summary>The operation that gives log|det|, [N;], from the argument x and the result y. One number may stand for all samples, so that nobody writes over it.</summary>
    public static Operation LogDetOf(Operation operation) => operation with
    {
        Undoes = null,
        KeepsOutput = true,
        Name = "~log_det_" + operation.Name.TrimStart('~'), Call = operation.LogDet!, Inverse = null, InPlace = null, LogDet = null, Site = null, IsView = false, UsesMode = false, InitialisesFromData = false,
    };

    private static OperationOutcome? Halves(OperationCall call)
    {
        TensorType x = call.Type("x");
        if (x.Shape.Length == 0 || x.Shape[0].TryDivide(2) is not { } part)
        {
            return call.Fail("x", b => b.NotDivisible("halves", x, 2));
        }

        TensorType type = x.WithFeatures(part, x.Range);
        return new OperationOutcome([type, type])
        {
            Access = new RearrangeAccess(Rearrangement.Chunk),
            Attributes = new Dictionary<string, OperationAttribute> { ["chunks"] = new SizeAttribute(2), ["axis"] = new SizeAttribute(x.Rows is null ? 0 : 1) },
        };
    }

    private static OperationOutcome? Logit(OperationCall call)
    {
        if (!call.RequireReal("x"))
        {
            return null;
        }

        HostValue alpha = call.Number("alpha");
        if (alpha.Constant is not (>= 0 and < 0.5))
        {
            return call.Fail("alpha", b => b.NumberOutOfRange("'alpha' of 'logit'", "a constant, 0 or above and below 0.5"));
        }

        TensorType x = call.Type("x");
        var domain = new Interval(0, 1, alpha.Constant == 0, alpha.Constant == 0);
        return domain.Contains(x.Range)
            ? OperationOutcome.Of(x.With(range: Interval.All), ("alpha", new NumberAttribute(alpha)))
            : call.Fail("x", b => b.OutsideDomain("logit", domain, x.Range, alpha.Constant == 0 && Interval.Unit.Contains(x.Range) ? "'logit(0.05)' keeps away from the ends" : null));
    }

    private static OperationOutcome? Affine(OperationCall call)
    {
        if (!call.RequireReal("x"))
        {
            return null;
        }

        HostValue scale = call.Number("scale");
        HostValue shift = call.Number("shift");
        if (scale.Constant is null or 0 || shift.Constant is null)
        {
            return call.Fail("scale", b => b.NumberOutOfRange("'scale' and 'shift' of 'affine'", "constants, the scale other than 0"));
        }

        TensorType x = call.Type("x");
        Interval range = (x.Range * Interval.Point(scale.Constant.Value)) + Interval.Point(shift.Constant.Value);
        return OperationOutcome.Of(x.With(range: range), ("factor", new ScalarAttribute(scale)), ("offset", new ScalarAttribute(shift)),
            ("there", new TemplateAttribute(scale.Constant == 1 ? "{x}.add({offset})" : "{x}.mul({factor}).add_({offset})")),
            ("back", new TemplateAttribute(scale.Constant == 1 ? "{x}.sub({offset})" : "{x}.sub({offset}).div_({factor})")),
            ("log_abs", new NumberAttribute(HostValue.Float(System.Math.Log(System.Math.Abs(scale.Constant.Value))))));
    }

    private static OperationOutcome? NormalQuantile(OperationCall call)
    {
        if (!call.RequireReal("x"))
        {
            return null;
        }

        TensorType x = call.Type("x");
        return Interval.Unit.Contains(x.Range)
            ? OperationOutcome.Of(x.With(range: Interval.All))
            : call.Fail("x", b => b.OutsideDomain("normal_quantile", new Interval(0, 1, true, true), x.Range, null));
    }

    private static OperationOutcome? MixtureCdf(OperationCall call)
    {
        if (!call.RequireReal("x") || !call.RequireReal("logits") || !call.RequireReal("means") || !call.RequireReal("scales"))
        {
            return null;
        }

        TensorType x = call.Type("x");
        foreach (string name in new[] { "logits", "means", "scales" })
        {
            TensorType parameter = call.Type(name);
            if (parameter.Shape.Length != x.Shape.Length + 1 || !parameter.Shape.RemoveAt(0).SequenceEqual(x.Shape)
                || !parameter.SameShape(call.Type("logits")))
            {
                return call.Fail(name, b => b.WrongArgumentShape("mixture_cdf", name, TensorType.ShapeOf(x.Shape.Insert(0, call.Type("logits").Shape.Length > 0 ? call.Type("logits").Shape[0] : Dim.One)), parameter, null));
            }
        }

        return Interval.Positive.Contains(call.Type("scales").Range)
            ? OperationOutcome.Of(x.With(range: Interval.Unit) with { Rows = x.Rows ?? call.Type("logits").Rows })
            : call.Fail("scales", b => b.OutsideDomain("mixture_cdf", Interval.Positive, call.Type("scales").Range, "write 'exp(log_s)' for a parameter that may be anything"));
    }

    private static OperationOutcome? Squeeze(OperationCall call)
    {
        if (!call.RequireRank("x", "[channels, height, width]", 3))
        {
            return null;
        }

        TensorType x = call.Type("x");
        if (x.Shape[1].TryDivide(2) is not { } height || x.Shape[2].TryDivide(2) is not { } width)
        {
            return call.Fail("x", b => b.OddSites("squeeze", x, x.Shape[1].TryDivide(2) is null ? x.Shape[1] : x.Shape[2]));
        }

        return OperationOutcome.Of(x.With(shape: [x.Shape[0] * 4, height, width])) with { Access = Access.Everything };
    }

    private static OperationOutcome? Actnorm(OperationCall call)
    {
        if (!call.RequireReal("x") || !call.RequireRank("x", "[channels], [channels, time] or [channels, height, width]", 1, 2, 3))
        {
            return null;
        }

        TensorType x = call.Type("x");
        if (x.Rows is null)
        {
            return call.Fail("x", b => b.NeedsRows("actnorm"));
        }

        ImmutableArray<Dim> channels = [x.Shape[0]];
        return OperationOutcome.Of(TensorType.Real(x.Rows, x.Shape)) with
        {
            Weights = [new("bias", WeightRole.Gain, Initializer.Zeros, channels), new("log_scale", WeightRole.Gain, Initializer.Zeros, channels)],
        };
    }

    private static OperationOutcome? BatchAffine(OperationCall call)
    {
        if (NormalizationEntries.Checked(call, "batch_affine") is not { } x)
        {
            return null;
        }

        ImmutableArray<Dim> channels = [x.Shape[0]];
        return OperationOutcome.Of(
            TensorType.Real(x.Rows, x.Shape), ("momentum", new NumberAttribute(call.Number("momentum"))), ("eps", new NumberAttribute(call.Number("eps")))) with
        {
            Access = Access.BatchStatistics,
            Weights =
            [
                new("log_gamma", WeightRole.Gain, Initializer.Zeros, channels),
                new("beta", WeightRole.Gain, Initializer.Zeros, channels),
                new("running_mean", WeightRole.Statistic, Initializer.Zeros, channels),
                new("running_var", WeightRole.Statistic, Initializer.Ones, channels),
            ],
        };
    }

    private static OperationOutcome? InvertibleConv(OperationCall call)
    {
        if (!call.RequireReal("x") || !call.RequireRank("x", "[channels] or [channels, height, width]", 1, 3))
        {
            return null;
        }

        TensorType x = call.Type("x");
        Dim c = x.Shape[0];
        return OperationOutcome.Of(TensorType.Real(x.Rows, x.Shape)) with
        {
            Access = x.Shape.Length == 1 ? Access.Everything : Access.Features,
            Weights =
            [
                new("permutation", WeightRole.Constant, Initializer.Zeros, [c, c]),
                new("lower", WeightRole.Kernel, Initializer.Zeros, [c, c]),
                new("upper", WeightRole.Kernel, Initializer.Zeros, [c, c]),
                new("sign", WeightRole.Constant, Initializer.Zeros, [c]),

                // Made last, for it makes the others too.
                new("log_s", WeightRole.Gain, Initializer.Plu, [c]),
            ],
        };
    }
}
