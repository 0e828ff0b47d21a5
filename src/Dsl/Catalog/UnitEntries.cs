using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Directions: vectors of length 1.</summary>
internal static class UnitEntries
{
    public static ImmutableArray<Operation> All { get; } =
    [
        new("unit", OperationKind.Function,
            [
                new("x", ParameterKind.Tensor, null, "[c] or [c, ...]"),
                new("per", ParameterKind.Word, null, "sample: over all numbers of a sample; otherwise over the features of each site") { Words = ["sample"], IsOptional = true },
            ],
            Unit, "Layers.Unit({x}, {axes})",
            "x / |x|: the direction of every site's features, or of every sample. Where all numbers are 0 it is 0, and has no slope; no length is too small or too great."),
    ];

    private static OperationOutcome? Unit(OperationCall call)
    {
        if (!call.RequireReal("x") || !call.RequireRank("x", "[features] or [features, sites...]", 1, 2, 3, 4))
        {
            return null;
        }

        TensorType x = call.Type("x");
        bool perSample = call.Has("per");
        if (perSample && x.Rows is null)
        {
            return call.Fail("x", b => b.NeedsRows(call.Operation.Name));
        }

        int first = x.Rows is null ? 0 : 1;
        ImmutableArray<Dim> axes = [.. Enumerable.Range(first, perSample ? x.Shape.Length : 1).Select(a => (Dim)a)];
        return OperationOutcome.Of(TensorType.Real(x.Rows, x.Shape).With(range: new Interval(-1, 1)), ("axes", new SizesAttribute(axes))) with
        {
            Access = perSample ? Access.Everything : Access.Features,
        };
    }
}
