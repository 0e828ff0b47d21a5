using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Operations that stay at their site, and those that move numbers.</content>
public sealed partial class SamplerPlan
{
    /// <summary>A kernel at every site. A single feature, and site axes of size 1, broadcast.</summary>
    /// <param name="kernel">From <see cref="SiteKernels"/>.</param>
    /// <param name="inputs">Values on one grid, at one rate.</param>
    public SiteValue Map(SiteKernel kernel, params SiteValue[] inputs)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        var shape = Common(kernel.Name, inputs) with { Features = kernel.Features([.. inputs.Select(input => input.Features)]) };
        var classes = Classes(inputs, shape.Features, kernel.Kind);
        SiteValue[] arguments = [.. inputs.Select(input => Regrouped(input, input.Features == 1 && kernel.Kind == SiteKernelKind.Pointwise && input.Grading is null ? null : classes))];
        return new MapNode(this, Graded(shape, classes), Own(arguments), kernel);
    }

    /// <summary>Values joined along their features.</summary>
    public SiteValue Concat(params SiteValue[] inputs)
    {
        var shape = Common("concat", inputs) with { Features = inputs.Sum(input => input.Features) };
        var classes = Classes(inputs, shape.Features, SiteKernelKind.Parts);
        SiteValue[] arguments = [.. inputs.Select(input => Regrouped(input, classes))];
        return new ConcatNode(this, Graded(shape, classes), Own(arguments));
    }

    /// <summary>The features in equal parts.</summary>
    /// <param name="x">[parts · f, sites...].</param>
    /// <param name="parts">Number of parts.</param>
    /// <returns>Values [f, sites...].</returns>
    public SiteValue[] Chunk(SiteValue x, long parts)
    {
        RequireOwn(x);
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        if (x.Features % parts != 0)
        {
            throw new ArgumentException(FormattableString.Invariant($"{x} does not have {parts} equal parts."), nameof(parts));
        }

        var shape = x.Shape with { Features = x.Features / parts, Grading = null };
        int? classes = x.Grading is { } grading && shape.Features % grading.Classes == 0 ? grading.Classes : null;
        var source = Regrouped(x, classes);
        return [.. Enumerable.Range(0, (int)parts).Select(part => new SliceNode(this, Graded(shape, classes), SiteRead.Own(source), part * shape.Features))];
    }

    /// <summary>
    /// The same numbers under another per-sample shape. Of what is drawn, only axes of size 1 may come or go; a constant may take any shape.
    /// </summary>
    /// <param name="x">A value.</param>
    /// <param name="shape">[features, sites...].</param>
    public SiteValue Reshape(SiteValue x, long[] shape)
    {
        RequireOwn(x);
        ArgumentNullException.ThrowIfNull(shape);
        if (x is ConstantNode constant)
        {
            using var frozen = no_grad();
            using var batched = constant.Value.permute(2, 3, 0, 1);
            using var reshaped = batched.reshape([x.Shape.Batch, .. shape]);
            return Constant(reshaped, hasRows: true);
        }

        var (rows, columns) = SiteShape.Grid(shape.Length == 0 ? [] : shape[1..]);
        return shape.Length > 0 && shape[0] == x.Features && (rows, columns) == (x.Shape.Rows, x.Shape.Columns)
            ? x
            : throw new ArgumentException(FormattableString.Invariant($"Internal error of GenDsl: {x} cannot be sampled as {ShapeText.Of(shape)}, which moves numbers between sites."));
    }

    /// <summary>[c, h, w] as [c, h · w], row by row; of a constant.</summary>
    public SiteValue Raster(SiteValue x)
    {
        RequireOwn(x);
        return Reshape(x, [x.Features, (long)x.Shape.Rows * x.Shape.Columns]);
    }

    /// <summary>The value moved along its sites: at s it is x at s - offset, and zero where that is outside.</summary>
    /// <param name="x">[f, sites...].</param>
    /// <param name="offset">Per site axis: (n) delays by n, (1, 0) reads the row above, (0, 1) the column to the left.</param>
    public SiteValue Shift(SiteValue x, params long[] offset)
    {
        RequireOwn(x);
        ArgumentNullException.ThrowIfNull(offset);
        if (offset.Length != x.Shape.Axes)
        {
            throw new ArgumentException(FormattableString.Invariant($"{x} has {x.Shape.Axes} site axes, but the shift names {offset.Length}."), nameof(offset));
        }

        var (row, column) = Two(offset, 0);
        var last = new SiteOffset(x.Shape.RowRate * -row, x.Shape.ColumnRate * -column, 0);
        return new ShiftNode(this, x.Shape, new SiteRead(x, last) { First = (-row, -column), LastColumn = -column });
    }

    /// <summary>A table entry for every number: feature k · c + ch of the result is component k for feature ch.</summary>
    /// <param name="x">[c, sites...], whole numbers.</param>
    /// <param name="table">[entries, components].</param>
    /// <returns>[components · c, sites...].</returns>
    public SiteValue Embed(SiteValue x, Tensor table)
    {
        RequireOwn(x);
        RequireMatrix(table);
        var shape = x.Shape with { Features = table.size(1) * x.Features, Grading = null };
        int? classes = x.Grading is { IsEven: true } grading ? grading.Classes : null;
        return new EmbedNode(this, Graded(shape, classes), SiteRead.Own(Regrouped(x, classes)), Keep(table));
    }

    private static SiteShape Graded(SiteShape shape, int? classes) =>
        shape with { Grading = classes is { } count ? new Grading(shape.Features, count) : null };

    private static List<SiteRead> Own(SiteValue[] inputs) => [.. inputs.Select(input => SiteRead.Own(input))];

    // The one number of classes that the inputs share and the operation keeps; null where the features become one.
    private static int? Classes(SiteValue[] inputs, long features, SiteKernelKind kind)
    {
        var graded = inputs.Where(input => input.Grading is not null).ToArray();
        if (graded.Length == 0 || kind == SiteKernelKind.Mixing || graded.Any(input => input.Grading!.Classes != graded[0].Grading!.Classes))
        {
            return null;
        }

        var classes = graded[0].Grading!.Classes;
        var isKept = kind == SiteKernelKind.Pointwise
            ? classes == 1 || graded.All(input => input.Features == features)
            : features % classes == 0 && inputs.All(input => input.Features % classes == 0);
        return isKept ? classes : null;
    }

    // The value stored by the given classes, or as one.
    private SiteValue Regrouped(SiteValue value, int? classes)
    {
        if (value.Grading?.Classes == classes)
        {
            return value;
        }

        var read = SiteRead.Own(value, classes is null ? value.Grading!.Classes - 1 : 0) with { IsOwn = false };
        return new RegroupNode(this, Graded(value.Shape, classes), read);
    }

    private SiteShape Common(string name, SiteValue[] inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Length == 0)
        {
            throw new ArgumentException($"'{name}' needs a value.", nameof(inputs));
        }

        Array.ForEach(inputs, RequireOwn);
        var shape = (inputs.FirstOrDefault(input => input.DependsOnRoot) ?? inputs[0]).Shape;
        var batch = inputs.Max(input => input.Shape.Batch);
        var rows = inputs.Max(input => input.Shape.Rows);
        var columns = inputs.Max(input => input.Shape.Columns);
        foreach (var input in inputs)
        {
            var fits = (input.Shape.Rows == rows || (input.Shape.Rows == 1 && !input.DependsOnRoot))
                && (input.Shape.Columns == columns || (input.Shape.Columns == 1 && !input.DependsOnRoot))
                && (!input.DependsOnRoot || (input.Shape.RowRate == shape.RowRate && input.Shape.ColumnRate == shape.ColumnRate));
            if (!fits)
            {
                throw new ArgumentException($"Internal error of GenDsl: '{name}' cannot sample {string.Join(" with ", inputs.Select(value => value.ToString()))}: the grids differ.");
            }
        }

        return shape with { Batch = batch, Rows = rows, Columns = columns, Axes = inputs.Max(input => input.Shape.Axes), Grading = null };
    }
}
