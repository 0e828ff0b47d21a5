using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Another order of the numbers of a sample, and where a site stands.</summary>
internal static class OrderEntries
{
    private static readonly OperationParameter Any = new("x", ParameterKind.Tensor, null, "[d], or any shape: the last axis");

    public static ImmutableArray<Operation> All { get; } =
    [
        new("raster", OperationKind.Function, [new("x", ParameterKind.Tensor, null, "[c, h, w]")], Raster, "{x}.flatten({axis})", "An image as a sequence, row by row: [c, h, w] to [c, h * w].")
        {
            IsView = true,
            Site = "{plan}.Raster({x})",
            Inverse = "{x}.reshape({original})",
        },
        new("shuffle", OperationKind.Function, [Any, new("seed", ParameterKind.Number, null, "an integer: the same seed and size give the same order everywhere")],
            Shuffle, "Layers.Shuffle({x}, {seed})", "The numbers of the last axis in a fixed random order.") { Inverse = "Layers.Unshuffle({x}, {seed})" },
        new("reverse", OperationKind.Function, [Any], Reverse, "{x}.flip(-1L)", "The numbers of the last axis, the last one first.") { Inverse = "{x}.flip(-1L)" },
        new("positions", OperationKind.Function, [new("x", ParameterKind.Tensor, null, "[t], [c, t] or [c, h, w]: only its sizes matter")],
            Positions, "Layers.Positions({x}, {axes}, hasRows: {has_rows})", "Where a site stands, from -1 to 1: [1, t], or [2, h, w] with row and column.")
        {
            // Its rows share their memory.
            IsView = true,
            CutsGradient = true,
            Site = "{plan}.Constant({plan}.Hold(Layers.SitePositions({site_list}, {plan}.Type, {plan}.Device)))",
        },
    ];

    private static OperationOutcome? Raster(OperationCall call)
    {
        if (!call.RequireRank("x", "[channels, height, width]", 3))
        {
            return null;
        }

        TensorType x = call.Type("x");
        return OperationOutcome.Of(
            x.With(shape: [x.Shape[0], x.Shape[1] * x.Shape[2]]),
            ("axis", new SizeAttribute(x.Rows is null ? 1 : 2)),
            ("original", new SizesAttribute(x.Rows is null ? x.Shape : [-1, .. x.Shape]))) with
        {
            Access = new RearrangeAccess(Rearrangement.Raster),
        };
    }

    private static OperationOutcome? Shuffle(OperationCall call)
    {
        if (!call.RequireRank("x", "at least one axis", 1, 2, 3))
        {
            return null;
        }

        HostValue seed = call.Number("seed");
        return seed.Size is { } size
            ? OperationOutcome.Of(Moved(call.Type("x")), ("seed", new SizeAttribute(size))) with { Access = new RearrangeAccess(Rearrangement.Shuffle) }
            : call.Fail("seed", b => b.NumberOutOfRange("'seed' of 'shuffle'", "an integer"));
    }

    private static OperationOutcome? Reverse(OperationCall call) =>
        call.RequireRank("x", "at least one axis", 1, 2, 3)
            ? OperationOutcome.Of(Moved(call.Type("x"))) with { Access = new RearrangeAccess(Rearrangement.Shuffle) }
            : null;

    private static TensorType Moved(TensorType x) => x.With(shape: x.Shape);

    private static OperationOutcome? Positions(OperationCall call)
    {
        if (!call.RequireRank("x", "[time], [channels, time] or [channels, height, width]", 1, 2, 3))
        {
            return null;
        }

        TensorType x = call.Type("x");
        ImmutableArray<Dim> sites = x.Shape.Length == 1 ? x.Shape : [.. x.Shape.Skip(1)];
        return OperationOutcome.Of(
            TensorType.Real(x.Rows, [sites.Length, .. sites]) with { Range = new Interval(-1, 1) },
            ("axes", new SizeAttribute(sites.Length)), ("has_rows", new CodeAttribute(x.Rows is null ? "false" : "true")), ("site_list", new SizesAttribute(sites))) with
        {
            Access = new NothingAccess(),
        };
    }
}
