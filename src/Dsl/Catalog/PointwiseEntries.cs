using System;
using System.Collections.Immutable;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Functions of one number, applied to each.</summary>
internal static class PointwiseEntries
{
    private static readonly OperationParameter X = new("x", ParameterKind.Tensor, null, "any shape");

    public static ImmutableArray<Operation> All { get; } =
    [
        Simple("relu", "{x}.relu()", "{x}.relu_()", r => r.Map(v => Math.Max(v, 0)), "max(x, 0)."),
        Simple("tanh", "{x}.tanh()", "{x}.tanh_()", r => r.Map(Math.Tanh), "Hyperbolic tangent, into [-1, 1]."),
        Simple("sigmoid", "{x}.sigmoid()", "{x}.sigmoid_()", r => Positive(r.Map(v => 1 / (1 + Math.Exp(-v)))), "1 / (1 + exp(-x)), into (0, 1]: rounding attains 1.") with { Inverse = "Bijections.InverseSigmoid({x})", LogDet = "Bijections.SigmoidLogDet({x})" },
        Simple("exp", "{x}.exp()", "{x}.exp_()", r => Positive(r.Map(Math.Exp)), "e^x, above 0."),
        Simple("abs", "{x}.abs()", null, Absolute, "|x|."),
        Simple("silu", "Functional.silu({x})", null, r => new(r.Low >= 0 ? 0 : -0.2784645427610738, Math.Max(r.High, 0), false, double.IsInfinity(r.High)), "x * sigmoid(x).") with { KeepsOutput = false },
        Simple("softplus", "Functional.softplus({x})", null, r => Positive(r.Map(SoftPlus)), "log(1 + e^x), above 0.") with { KeepsOutput = false },
        new("log_sigmoid", OperationKind.Function, [X], c => c.RequireReal("x") ? OperationOutcome.Of(c.Type("x").With(range: c.Type("x").Range.Map(v => -SoftPlus(-v)))) : null,
            "{x}.log_sigmoid()", "log(1 / (1 + exp(-x))), at most 0, without overflow.")
        {
            Site = "{plan}.Map(SiteKernels.Scale(-1, 0), {plan}.Map(SiteKernels.Softplus, {plan}.Map(SiteKernels.Scale(-1, 0), {x})))",
        },
        new("elu", OperationKind.Function, [X],
            c => c.RequireReal("x") ? OperationOutcome.Of(c.Type("x").With(range: Elu(c.Type("x").Range)), ("one", new ScalarAttribute(HostValue.Of(Shapes.Dim.One)))) : null,
            "{x}.elu({one}, {one}, {one})", "x above 0, e^x - 1 below.")
        {
            Source = "Clevert et al. 2016, arXiv:1511.07289",
            InPlace = "{x}.elu_({one}, {one}, {one})",
            KeepsOutput = true,
            Site = "{plan}.Map(SiteKernels.Elu, {x})",
        },
        new("log", OperationKind.Function, [X], Logarithm, "{x}.log()", "Natural logarithm; the range of x must lie above 0.") { Site = "{plan}.Map(SiteKernels.Log, {x})" },
        new("leaky_relu", OperationKind.Function,
            [X, new("negative_slope", ParameterKind.Number, "0.01", "slope below 0")],
            LeakyRelu, "{x}.leaky_relu({negative_slope})", "x above 0, negative_slope * x below.")
        {
            InPlace = "{x}.leaky_relu_({negative_slope})",
            KeepsOutput = true,
            Site = "{plan}.Map(SiteKernels.LeakyRelu({slope}), {x})",
        },
        new("sin", OperationKind.Function, [X], c => Wave(c), "{x}.sin()", "The sine of x, in radians."),
        new("cos", OperationKind.Function, [X], c => Wave(c), "{x}.cos()", "The cosine of x, in radians."),
        new("clamp", OperationKind.Function, [X, new("min", ParameterKind.Number, null, "what smaller numbers become"), new("max", ParameterKind.Number, null, "what greater numbers become")],
            Clamp, "{x}.clamp({min}, {max})", "x where it lies in [min, max], else the nearer end, whose gradient is 0."),
        new("stop", OperationKind.Function, [X], c => OperationOutcome.Of(c.Type("x")), "{x}.detach()", "The value without its gradient.") { IsView = true, CutsGradient = true, Site = "{x}" },
    ];

    private static Operation Simple(string name, string call, string? inPlace, Func<Interval, Interval> range, string doc) =>
        new(name, OperationKind.Function, [X], c => c.RequireReal("x") ? OperationOutcome.Of(c.Type("x").With(range: range(c.Type("x").Range))) : null, call, doc)
        {
            InPlace = inPlace,
            KeepsOutput = true,
            Site = $"{{plan}}.Map(SiteKernels.{char.ToUpperInvariant(name[0])}{name.Substring(1)}, {{x}})",
        };

    /// <summary>The range of elu over a range; rounding attains -1.</summary>
    public static Interval Elu(Interval range) => range.Map(v => v >= 0 ? v : Math.Exp(v) - 1);

    private static double SoftPlus(double x) => x > 30 ? x : double.IsNegativeInfinity(x) ? 0 : Math.Log(1 + Math.Exp(x));

    // e^x and its kin never reach the 0 they tend to.
    private static Interval Positive(Interval range) => range.Low <= 0 ? range with { Low = 0, LowOpen = true } : range;

    private static Interval Absolute(Interval range)
    {
        double high = Math.Max(Math.Abs(range.Low), Math.Abs(range.High));
        double low = range.Low <= 0 && range.High >= 0 ? 0 : Math.Min(Math.Abs(range.Low), Math.Abs(range.High));
        return new(low, high, false, double.IsInfinity(high));
    }

    private static OperationOutcome? Logarithm(OperationCall call)
    {
        if (!call.RequireReal("x"))
        {
            return null;
        }

        TensorType x = call.Type("x");
        return Interval.Positive.Contains(x.Range)
            ? OperationOutcome.Of(x.With(range: x.Range.Map(Math.Log)))
            : call.Fail("x", b => b.LogOfNonPositive(x.Range));
    }

    private static OperationOutcome? Wave(OperationCall call) =>
        call.RequireReal("x") ? OperationOutcome.Of(call.Type("x").With(range: new Interval(-1, 1))) : null;

    private static OperationOutcome? Clamp(OperationCall call)
    {
        if (!call.RequireReal("x"))
        {
            return null;
        }

        TensorType x = call.Type("x");
        return call.Number("min").Constant is { } min && call.Number("max").Constant is { } max && min < max
            ? OperationOutcome.Of(x.With(range: x.Range.Map(v => Math.Min(Math.Max(v, min), max))), ("min", new ScalarAttribute(call.Number("min"))), ("max", new ScalarAttribute(call.Number("max"))))
            : call.Fail("max", b => b.NumberOutOfRange("'min' and 'max' of 'clamp'", "constants with min < max"));
    }

    private static OperationOutcome? LeakyRelu(OperationCall call)
    {
        if (!call.RequireReal("x"))
        {
            return null;
        }

        TensorType x = call.Type("x");
        HostValue slope = call.Number("negative_slope");
        if (slope.Constant is not { } s || s <= 0)
        {
            // Written over its input, the layer recovers the sign of x from the result: that needs a slope above 0.
            return call.Fail("negative_slope", b => b.NumberOutOfRange("'negative_slope'", "a constant above 0; 'relu' has slope 0"));
        }

        return OperationOutcome.Of(x.With(range: x.Range.Map(v => v >= 0 ? v : s * v)), ("negative_slope", new ScalarAttribute(slope)), ("slope", new NumberAttribute(slope)));
    }
}
