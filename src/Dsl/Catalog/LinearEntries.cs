using System.Collections.Immutable;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Layers that multiply by a matrix.</summary>
internal static class LinearEntries
{
    public static ImmutableArray<Operation> All { get; } =
    [
        new("linear", OperationKind.Layer,
            [
                new("x", ParameterKind.Tensor, null, "features, [in]"),
                new("out_features", ParameterKind.Size, null, "size of the result"),
                new("bias", ParameterKind.Switch, "true", "whether a bias is added"),
                new("init", ParameterKind.Initializer, null, "how the weight is born; uniform within 1/sqrt(in) if not given") { IsOptional = true },
            ],
            Linear,
            "Functional.linear({x}, {weight}, {bias})",
            "An affine map of the last axis: [in] to [out_features].") { Site = "{plan}.Linear({x}, {weight}, {bias})" },
    ];

    private static OperationOutcome? Linear(OperationCall call)
    {
        if (!call.RequireReal("x") || !call.RequireRank("x", "[features]", 1))
        {
            return null;
        }

        TensorType x = call.Type("x");
        Dim size = call.Size("out_features");
        bool bias = call.Switch("bias");
        Initializer born = Initializer.FanIn(x.Shape[0]);
        var weight = new Weight("weight", WeightRole.Kernel, call.Initializer("init", born), [size, x.Shape[0]]);
        TensorType result = TensorType.Real(x.Rows, [size]);
        return bias
            ? OperationOutcome.Of(result) with { Access = Access.Features, Weights = [weight, new Weight("bias", WeightRole.Gain, call.Has("init") ? Initializer.Zeros : born, [size])] }
            : OperationOutcome.Of(result, ("bias", new CodeAttribute("null"))) with { Access = Access.Features, Weights = [weight] };
    }
}
