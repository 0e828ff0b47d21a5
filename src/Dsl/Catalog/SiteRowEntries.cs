using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Sites and parts of a sample as rows, and back: what compares moments of a sound or patches of an image.</summary>
internal static class SiteRowEntries
{
    public static ImmutableArray<Operation> All { get; } =
    [
        new("sites", OperationKind.Function, [new("x", ParameterKind.Tensor, null, "[c, t] or [c, h, w], with rows")],
            Sites, "BatchRows.Sites({x})", "Every site as a row: [N; c, t] to [t * N; c], [N; c, h, w] to [h * w * N; c]; all first sites, then all second ones.")
        {
            IsOfRows = true,
        },
        new("from_sites", OperationKind.Function,
            [new("x", ParameterKind.Tensor, null, "[c], as many rows as 'sites' or 'patches' makes of a batch"), new("sizes", ParameterKind.Sizes, null, "the sites, t or h, w")],
            FromSites, "BatchRows.FromSites({x}, {sizes})", "Rows as sites again: [t * N; c] to [N; c, t], [h * w * N; c] to [N; c, h, w].")
        {
            IsOfRows = true,
        },
        new("patches", OperationKind.Function,
            [
                new("x", ParameterKind.Tensor, null, "images, [c, h, w], with rows"), new("kernel", ParameterKind.AxisSizes, null, "sites of a patch, one number or height and width"),
                new("stride", ParameterKind.AxisSizes, null, "step between patches; the kernel if not given") { IsOptional = true },
            ],
            Patches, "Views.Patches({x}, {height}, {width}, {down}, {across})",
            "Every patch of a grid as a row, row by row from the upper left: [N; c, h, w] to [m * n * N; c, height, width]; sites at the end that fill no patch are left out.")
        {
            IsOfRows = true,
        },
    ];

    private static OperationOutcome? Sites(OperationCall call)
    {
        if (!call.RequireReal("x") || !call.RequireRank("x", "[channels, time] or [channels, height, width]", 2, 3))
        {
            return null;
        }

        TensorType x = call.Type("x");
        return x.Rows is null
            ? call.Fail("x", b => b.NeedsRows("sites"))
            : OperationOutcome.Of(x.With(shape: [x.Shape[0]]) with { Rows = x.Rows.Times(Dim.Product(x.Shape.Skip(1))) }) with { Access = Access.Everything };
    }

    private static OperationOutcome? FromSites(OperationCall call)
    {
        if (!call.RequireReal("x") || !call.RequireRank("x", "[channels]", 1))
        {
            return null;
        }

        TensorType x = call.Type("x");
        ImmutableArray<Dim> sizes = call.Sizes("sizes");
        if (sizes.Length > 2)
        {
            return call.Fail("sizes", b => b.WrongAxisCount("from_sites", "sizes", sizes.Length, 2));
        }

        Dim sites = Dim.Product(sizes);
        return x.Rows is null ? call.Fail("x", b => b.NeedsRows("from_sites"))
            : x.Rows.Part(sites) is not { } rows ? call.Fail("x", b => b.NotCopies(x.Rows, sites, "from_sites"))
            : OperationOutcome.Of(x.With(shape: [x.Shape[0], .. sizes]) with { Rows = rows }, ("sizes", new SizeListAttribute(sizes))) with { Access = Access.Everything };
    }

    private static OperationOutcome? Patches(OperationCall call)
    {
        if (!call.RequireReal("x") || !call.RequireRank("x", "[channels, height, width]", 3)
            || call.AxisSizes("kernel", 2) is not { } kernel || call.AxisSizes(call.Has("stride") ? "stride" : "kernel", 2) is not { } stride)
        {
            return null;
        }

        TensorType x = call.Type("x");
        if (x.Rows is null)
        {
            return call.Fail("x", b => b.NeedsRows("patches"));
        }

        Dim many = Dim.One;
        for (int axis = 0; axis < 2; axis++)
        {
            Dim count = Dim.FloorDivide(x.Shape[axis + 1] - kernel[axis], stride[axis]) + 1;
            if (count.LowerBound is null or < 1)
            {
                return call.Fail("kernel", b => b.EmptySize("patches", x, count, "the image is smaller than a patch"));
            }

            many *= count;
        }

        return OperationOutcome.Of(
            x.With(shape: [x.Shape[0], .. kernel]) with { Rows = x.Rows.Times(many) },
            ("height", new SizeAttribute(kernel[0])), ("width", new SizeAttribute(kernel[1])), ("down", new SizeAttribute(stride[0])), ("across", new SizeAttribute(stride[1]))) with { Access = Access.Everything };
    }
}
