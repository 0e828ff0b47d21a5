using System.Collections.Immutable;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Catalog;

/// <summary>Layers that standardise their input.</summary>
internal static class NormalizationEntries
{
    public static ImmutableArray<Operation> All { get; } =
    [
        new("batch_norm", OperationKind.Layer,
            [
                new("x", ParameterKind.Tensor, null, "[c] or [c, ...]"),
                new("momentum", ParameterKind.Number, "0.1", "weight of the newest batch in the running statistics"),
                new("eps", ParameterKind.Number, "1e-5", "added to the variance"),
                new("init", ParameterKind.Initializer, null, "how the gain is born; ones if not given") { IsOptional = true },
            ],
            BatchNorm,
            "Layers.BatchNorm({x}, {weight}, {bias}, {running_mean}, {running_var}, {mode}, {momentum}, {eps})",
            "Batch normalisation over rows and sites, per channel.")
        {
            Source = "Ioffe and Szegedy 2015, arXiv:1502.03167",
            CouplesRows = true,
            UsesMode = true,
        },
    ];

    private static OperationOutcome? BatchNorm(OperationCall call)
    {
        if (Checked(call, "batch_norm") is not { } x)
        {
            return null;
        }

        ImmutableArray<Dim> channels = [x.Shape[0]];
        return OperationOutcome.Of(
            TensorType.Real(x.Rows, x.Shape),
            ("momentum", new NumberAttribute(call.Number("momentum"))),
            ("eps", new NumberAttribute(call.Number("eps")))) with
        {
            Access = Access.BatchStatistics,
            Weights =
            [
                new("weight", WeightRole.Gain, call.Initializer("init", Initializer.Ones), channels),
                new("bias", WeightRole.Gain, Initializer.Zeros, channels),
                new("running_mean", WeightRole.Statistic, Initializer.Zeros, channels),
                new("running_var", WeightRole.Statistic, Initializer.Ones, channels),
            ],
        };
    }

    /// <summary>The type of what is standardised over a batch; null, reported, where that cannot be.</summary>
    public static TensorType? Checked(OperationCall call, string name)
    {
        if (!call.RequireReal("x") || !call.RequireRank("x", "[channels], [channels, time] or [channels, height, width]", 1, 2, 3))
        {
            return null;
        }

        TensorType x = call.Type("x");
        if (x.Rows is null)
        {
            call.Fail("x", b => b.NeedsRows(name));
            return null;
        }

        if (call.Number("eps").Constant <= 0)
        {
            call.Fail("eps", b => b.NumberOutOfRange("'eps'", "above 0"));
        }

        // A whole number that is open is at least 1, where only 1 itself is a share.
        if (call.Number("momentum") is { Constant: < 0 or > 1 } or { Constant: null, Kind: HostKind.Int })
        {
            call.Fail("momentum", b => b.NumberOutOfRange("'momentum'", "between 0 and 1"));
        }

        return x;
    }
}
