using System.Collections.Immutable;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Images seen otherwise: cut out, turned, moved, blurred, each sample by numbers of its own. What is drawn is the library's, in <c>views.gen</c>.</summary>
internal static class ViewEntries
{
    private static readonly OperationParameter Image = new("x", ParameterKind.Tensor, null, "images, [c, h, w]");

    public static ImmutableArray<Operation> All { get; } =
    [
        new("pad", OperationKind.Function,
            [
                new("x", ParameterKind.Tensor, null, "[c, t] or [c, h, w]"), new("by", ParameterKind.Size, null, "sites more at each end of each axis"),
                new("mode", ParameterKind.Word, "zeros", "what stands there: zeros; reflect, the sites inside, mirrored without the last one; replicate, the last one again and again") { Words = ["zeros", "reflect", "replicate"] },
            ],
            Pad, "Views.Pad({x}, {by}, PaddingModes.{edge})", "More sites around: [c, h, w] to [c, h + 2 * by, w + 2 * by]."),
        new("crop", OperationKind.Function,
            [
                Image, new("size", ParameterKind.AxisSizes, null, "sites that are left, one number or height and width"),
                new("top", ParameterKind.Tensor, null, "a number of each sample in [0, 1]: 0 for the uppermost place, 1 for the lowest") { CutsGradient = true },
                new("left", ParameterKind.Tensor, null, "the same from left to right") { CutsGradient = true },
            ],
            Crop, "Views.Crop({x}, {height}, {width}, {top}, {left})", "A part of every image, at a place of its own: [c, h, w] to [c, height, width]. All places are equally likely for uniform numbers."),
        new("affine_sample", OperationKind.Function,
            [
                Image, new("matrix", ParameterKind.Tensor, null, "for each sample where its sites look, [6]: x' = m0 x + m1 y + m2, y' = m3 x + m4 y + m5, in coordinates from -1 to 1 across the image"),
                new("beyond", ParameterKind.Word, "zeros", "what is seen beyond the edge: zeros; replicate, the edge; reflect, the image mirrored") { Words = ["zeros", "reflect", "replicate"] },
            ],
            AffineSample, "Views.AffineSample({x}, {matrix}, PaddingModes.{edge})", "Every image turned, moved and stretched by a matrix of its own, with the numbers between four sites where none is.")
        {
            Source = "Jaderberg et al. 2015, arXiv:1506.02025",
            LacksSecondGradient = true,
        },
        new("warp", OperationKind.Function,
            [
                Image, new("flow", ParameterKind.Tensor, null, "[2, h, w]: how many sites across and down from its own each site looks"),
                new("beyond", ParameterKind.Word, "replicate", "what is seen beyond the edge: zeros; replicate, the edge; reflect, the image mirrored") { Words = ["zeros", "reflect", "replicate"] },
            ],
            Warp, "Views.Warp({x}, {flow}, PaddingModes.{edge})", "Every site shows what is so far from it, with the numbers between four sites where none is: an image moved by a field. With a flow of 0 it is the image.")
        {
            Source = "Jaderberg et al. 2015, arXiv:1506.02025",
            LacksSecondGradient = true,
        },
        new("rot90", OperationKind.Function, [Image, new("k", ParameterKind.Tensor, null, "how often each sample is turned, one of class[4]")],
            Quarter, "Views.QuarterTurns({x}, {k})", "Every image turned to the left by k quarters, without interpolation; height and width are equal.")
        {
            Source = "Gidaris et al. 2018, arXiv:1803.07728",
        },
        new("gaussian_blur", OperationKind.Function,
            [Image, new("kernel", ParameterKind.Size, null, "sites of the window, an odd number that is written out"), new("sigma", ParameterKind.Tensor, null, "the deviation of each sample in sites, above 0")],
            Blur, "Views.GaussianBlur({x}, {kernel}, {sigma})", "Every image as a mean over its neighbours with Gaussian weights; the image goes on mirrored beyond its edge."),
    ];

    private static TensorType? ImageOf(OperationCall call)
    {
        if (!call.RequireReal("x") || !call.RequireRank("x", "[channels, height, width]", 3))
        {
            return null;
        }

        if (call.Type("x") is { Rows: not null } x)
        {
            return x;
        }

        call.Fail("x", b => b.NeedsRows(call.Operation.Name));
        return null;
    }

    // One number, or several, of each sample that the image has.
    private static bool RequireOwn(OperationCall call, string name, TensorType x, string wanted, Interval range, params Dim[] shape)
    {
        TensorType own = call.Type(name);
        if (own.Element != Element.Real || !own.SameShape(own with { Shape = [.. shape] }))
        {
            call.Fail(name, b => b.WrongArgumentShape(call.Operation.Name, name, wanted, own, null));
            return false;
        }

        if (own.Rows is null || !Rows.Agree(own.Rows, x.Rows))
        {
            call.Fail(name, b => own.Rows is null ? b.NeedsRows(call.Operation.Name) : b.RowsMix(call.Operation.Name, x.Rows!, own.Rows));
            return false;
        }

        if (!range.Contains(own.Range))
        {
            call.Fail(name, b => b.ParameterRange(call.Operation.Name, name, range, own.Range));
            return false;
        }

        return true;
    }

    private static OperationAttribute Edge(string word) => new CodeAttribute(word switch { "reflect" => "Reflect", "replicate" => "Replicate", _ => "Zeros" });

    private static Interval Beyond(Interval range, string word) => word == "zeros" ? range.Join(Interval.Point(0)) : range;

    private static OperationOutcome? Pad(OperationCall call)
    {
        if (!call.RequireReal("x") || !call.RequireRank("x", "[channels, time] or [channels, height, width]", 2, 3))
        {
            return null;
        }

        TensorType x = call.Type("x");
        Dim by = call.Size("by");
        string mode = call.Word("mode")!;
        ImmutableArray<Dim> shape = x.Shape;
        for (int axis = 1; axis < shape.Length; axis++)
        {
            Dim inside = x.Shape[axis] - by;
            if (mode == "reflect" && inside.LowerBound is null or < 1)
            {
                return call.Fail("by", b => b.EmptySize("pad", x, inside, "there is too little to mirror"));
            }

            shape = shape.SetItem(axis, x.Shape[axis] + (2 * by));
        }

        return OperationOutcome.Of(x.With(shape: shape, range: Beyond(x.Range, mode)), ("by", new SizeAttribute(by)), ("edge", Edge(mode))) with { Access = Access.Everything };
    }

    private static OperationOutcome? Crop(OperationCall call)
    {
        if (ImageOf(call) is not { } x || call.AxisSizes("size", 2) is not { } size
            || !RequireOwn(call, "top", x, "one number of each sample", Interval.Unit) || !RequireOwn(call, "left", x, "one number of each sample", Interval.Unit))
        {
            return null;
        }

        for (int axis = 0; axis < 2; axis++)
        {
            Dim places = x.Shape[axis + 1] - size[axis] + 1;
            if (places.LowerBound is null or < 1)
            {
                return call.Fail("size", b => b.EmptySize("crop", x, places, "the image is smaller than what is cut out"));
            }
        }

        return OperationOutcome.Of(x.With(shape: [x.Shape[0], size[0], size[1]]), ("height", new SizeAttribute(size[0])), ("width", new SizeAttribute(size[1]))) with { Access = Access.Everything };
    }

    private static OperationOutcome? AffineSample(OperationCall call)
    {
        if (ImageOf(call) is not { } x || !RequireOwn(call, "matrix", x, "[6]", Interval.All, 6))
        {
            return null;
        }

        string mode = call.Word("beyond")!;
        return OperationOutcome.Of(x.With(shape: x.Shape, range: Beyond(x.Range, mode)), ("edge", Edge(mode))) with { Access = Access.Everything };
    }

    private static OperationOutcome? Warp(OperationCall call)
    {
        if (ImageOf(call) is not { } x || !RequireOwn(call, "flow", x, TensorType.ShapeOf([Dim.Constant(2), x.Shape[1], x.Shape[2]]), Interval.All, 2, x.Shape[1], x.Shape[2]))
        {
            return null;
        }

        string mode = call.Word("beyond")!;
        return OperationOutcome.Of(x.With(shape: x.Shape, range: Beyond(x.Range, mode)), ("edge", Edge(mode))) with { Access = Access.Everything };
    }

    private static OperationOutcome? Quarter(OperationCall call)
    {
        if (ImageOf(call) is not { } x)
        {
            return null;
        }

        TensorType k = call.Type("k");
        return !x.Shape[1].Equals(x.Shape[2]) ? call.Fail("x", b => b.WrongRank("rot90", x, "[channels, size, size], a square"))
            : k is not { Element: Element.Class, Shape.Length: 0, Count.Value: 4, Rows: not null } ? call.Fail("k", b => b.OutsideSupport("rot90", "a number of quarters, one of class[4] for each sample,", k))
            : !Rows.Agree(k.Rows, x.Rows) ? call.Fail("k", b => b.RowsMix("rot90", x.Rows!, k.Rows))
            : OperationOutcome.Of(x.With(shape: x.Shape)) with { Access = Access.Everything };
    }

    private static OperationOutcome? Blur(OperationCall call)
    {
        if (ImageOf(call) is not { } x || !RequireOwn(call, "sigma", x, "one number of each sample", Interval.Positive))
        {
            return null;
        }

        if (call.Size("kernel").Value is not { } kernel || kernel % 2 == 0)
        {
            return call.Fail("kernel", b => b.NumberOutOfRange("'kernel' of 'gaussian_blur'", "an odd number that is written out"));
        }

        for (int axis = 1; axis < 3; axis++)
        {
            Dim inside = x.Shape[axis] - Dim.Constant(kernel / 2);
            if (inside.LowerBound is null or < 1)
            {
                return call.Fail("kernel", b => b.EmptySize("gaussian_blur", x, inside, "there is too little to mirror"));
            }
        }

        return OperationOutcome.Of(x.With(shape: x.Shape), ("kernel", new SizeAttribute(Dim.Constant(kernel)))) with { Access = Access.Everything };
    }
}
