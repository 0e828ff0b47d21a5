using System.Collections.Immutable;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Tables of vectors for labels.</summary>
internal static class EmbeddingEntries
{
    public static ImmutableArray<Operation> All { get; } =
    [
        new("embed", OperationKind.Layer,
            [
                new("x", ParameterKind.Tensor, null, "classes, codes, mu-law levels, levels or bits: [], [t], [c, t] or [c, h, w]"),
                new("features", ParameterKind.Size, null, "numbers per label"),
                new("init", ParameterKind.Initializer, null, "how the table is born; normal(0, 1) if not given") { IsOptional = true },
            ],
            Embed,
            "Layers.Embed({x}, {weight}, {axis})",
            "A learned vector for every label: [] to [e], [t] to [e, t], [c, ...] to [e * c, ...], where feature k * c + i is number k of channel i.")
        {
            Site = "{plan}.Embed({x}, {weight})",
        },
    ];

    private static OperationOutcome? Embed(OperationCall call)
    {
        TensorType x = call.Type("x");
        if (x.Element is Element.Real or Element.Index or Element.Truth)
        {
            return call.Fail("x", b => b.EmbeddingOfReals(x));
        }

        if (!call.RequireRank("x", "[], [time], [channels, time] or [channels, height, width]", 0, 1, 2, 3))
        {
            return null;
        }

        Dim features = call.Size("features");
        ImmutableArray<Dim> shape = x.Shape.Length < 2 ? [features, .. x.Shape] : x.Shape.SetItem(0, features * x.Shape[0]);
        var normal = new Initializer("normal", [HostValue.Float("0"), HostValue.Float("1")]);
        return OperationOutcome.Of(TensorType.Real(x.Rows, shape), ("axis", new SizeAttribute(x.Rows is null ? 0 : 1))) with
        {
            Access = new RearrangeAccess(Rearrangement.Embed),
            Weights = [new("weight", WeightRole.Gain, call.Initializer("init", normal), [x.Element == Element.Bit ? 2 : x.Count, features])],
        };
    }
}
