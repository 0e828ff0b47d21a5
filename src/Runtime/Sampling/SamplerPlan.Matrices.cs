using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Convolutions and linear layers.</content>
public sealed partial class SamplerPlan
{
    /// <summary>A convolution of a value along its site axes; outside the grid are zeros.</summary>
    /// <param name="x">[in, sites...].</param>
    /// <param name="weight">[out, in, kernel...]; transposed: [in, out, kernel...].</param>
    /// <param name="bias">[out].</param>
    /// <param name="stride">Per site axis.</param>
    /// <param name="dilation">Per site axis.</param>
    /// <param name="before">Zeros in front per site axis; of a transposed convolution, the sites cropped in front.</param>
    /// <param name="sites">The sites of the result; zeros behind follow from it.</param>
    /// <param name="transposed">True for a transposed convolution.</param>
    /// <returns>[out, sites...].</returns>
    public SiteValue Convolve(SiteValue x, Tensor weight, Tensor? bias, long[] stride, long[] dilation, long[] before, long[] sites, bool transposed)
    {
        RequireOwn(x);
        var axes = x.Shape.Axes;
        if (weight.dim() != axes + 2 || stride.Length != axes || dilation.Length != axes || before.Length != axes || sites.Length != axes)
        {
            throw new ArgumentException(FormattableString.Invariant($"A convolution of {x} needs one number per site axis ({axes}) and a kernel of {axes + 2} axes."));
        }

        using var outputsFirst = transposed ? weight.transpose(0, 1) : weight.alias();
        var kernel = Keep(outputsFirst);
        var taps = new KernelTaps(Two(kernel.shape[2..], 1), Two(stride, 1), Two(dilation, 1), Two(before, 0), transposed);
        var (rows, columns) = SiteShape.Grid(sites);
        var shape = x.Shape with
        {
            Features = kernel.size(0),
            Rows = rows,
            Columns = columns,
            RowRate = transposed ? x.Shape.RowRate / taps.Stride.Row : x.Shape.RowRate * taps.Stride.Row,
            ColumnRate = transposed ? x.Shape.ColumnRate / taps.Stride.Column : x.Shape.ColumnRate * taps.Stride.Column,
            Grading = null,
        };
        return Taps(transposed ? "conv_transpose" : "conv", x, shape, taps, kernel, bias);
    }

    /// <summary>A masked convolution of stride 1 (van den Oord et al. 2016): of its own site it reads some classes, of later sites nothing.</summary>
    /// <param name="x">[in, sites...].</param>
    /// <param name="maskedWeight">[out, in, kernel...], zero where the mask is.</param>
    /// <param name="bias">[out].</param>
    /// <param name="before">Zeros in front per site axis: the place of the centre in the kernel.</param>
    /// <param name="sites">The sites of the result.</param>
    /// <param name="classes">Number of classes; feature k is in class k mod classes.</param>
    /// <param name="strict">True for mask A (earlier classes of its own site), false for mask B (its own too).</param>
    /// <returns>[out, sites...].</returns>
    public SiteValue MaskedConvolve(SiteValue x, Tensor maskedWeight, Tensor? bias, long[] before, long[] sites, long classes, bool strict)
    {
        RequireOwn(x);
        var axes = x.Shape.Axes;
        if (maskedWeight.dim() != axes + 2 || before.Length != axes || sites.Length != axes)
        {
            throw new ArgumentException(FormattableString.Invariant($"A masked convolution of {x} needs one number per site axis ({axes}) and a kernel of {axes + 2} axes."));
        }

        var kernel = Keep(maskedWeight);
        var taps = new KernelTaps(Two(kernel.shape[2..], 1), (1, 1), (1, 1), Two(before, 0), false);
        var (rows, columns) = SiteShape.Grid(sites);
        var shape = x.Shape with { Features = kernel.size(0), Rows = rows, Columns = columns, Grading = null };
        var earlier = taps.Phases[0].Where(tap => (tap.Row, tap.Column).CompareTo((0, 0)) < 0).ToList();
        var centre = taps.Phases[0].Where(tap => (tap.Row, tap.Column) == (0, 0)).ToList();
        RequireZero(kernel, taps.Phases[0].Where(tap => (tap.Row, tap.Column).CompareTo((0, 0)) > 0), "later sites");

        // A dilated kernel comes with zeros between its taps.
        var used = Used(kernel);
        earlier.RemoveAll(tap => !used[(tap.KernelRow * taps.Columns) + tap.KernelColumn]);
        return Masked("masked_conv", x, shape, earlier, centre, kernel, bias, classes, classes, strict);
    }

    /// <summary>A linear layer over the features of each site.</summary>
    /// <param name="x">[in, sites...].</param>
    /// <param name="weight">[out, in].</param>
    /// <param name="bias">[out].</param>
    /// <returns>[out, sites...].</returns>
    public SiteValue Linear(SiteValue x, Tensor weight, Tensor? bias)
    {
        RequireOwn(x);
        RequireMatrix(weight);
        var kernel = Keep(weight);
        var taps = new KernelTaps((1, 1), (1, 1), (1, 1), (0, 0), false);
        return Taps("linear", x, x.Shape with { Features = kernel.size(0), Grading = null }, taps, kernel, bias);
    }

    /// <summary>
    /// A linear layer whose features stand for variables (MADE, Germain et al. 2015). What is strict has as many classes as there are variables; the
    /// hidden layers before have one fewer, since the last variable is read by none.
    /// </summary>
    /// <param name="x">[in].</param>
    /// <param name="maskedWeight">[out, in], zero where the mask is.</param>
    /// <param name="bias">[out].</param>
    /// <param name="order">Number of variables D.</param>
    /// <param name="strict">True for a last layer: class k reads classes below k; false where its own class is read too.</param>
    /// <returns>[out].</returns>
    public SiteValue MaskedLinear(SiteValue x, Tensor maskedWeight, Tensor? bias, long order, bool strict)
    {
        RequireOwn(x);
        RequireMatrix(maskedWeight);
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        var kernel = Keep(maskedWeight);
        var shape = x.Shape with { Features = kernel.size(0), Grading = null };
        var inputs = x.Grading?.Classes ?? (x.Features == order ? order : Math.Max(order - 1, 1));
        return Masked("masked_linear", x, shape, [], [default], kernel, bias, inputs, strict ? order : Math.Max(order - 1, 1), strict);
    }

    private static (long Row, long Column) Two(long[] axes, long otherwise) => axes.Length switch
    {
        0 => (otherwise, otherwise),
        1 => (axes[0], otherwise),
        _ => (axes[0], axes[1]),
    };

    private static void RequireMatrix(Tensor weight)
    {
        if (weight.dim() != 2)
        {
            throw new ArgumentException(FormattableString.Invariant($"A linear layer needs a weight [out, in], not one of {weight.dim()} axes."));
        }
    }

    private SiteValue Taps(string kind, SiteValue x, SiteShape shape, KernelTaps taps, Tensor kernel, Tensor? bias)
    {
        var grid = Four(kernel);
        RequireWeights(kind, x, grid, bias);
        return new TapsNode(this, kind, shape, taps.Read(x, shape), taps.Phases, grid, bias is null ? null : Keep(bias), false, false);
    }

    private SiteValue Masked(
        string kind, SiteValue x, SiteShape shape, List<SiteTap> earlier, List<SiteTap> centre, Tensor kernel, Tensor? bias, long inputs, long outputs, bool strict)
    {
        var grid = Four(kernel);
        RequireWeights(kind, x, grid, bias);
        var from = new Grading(x.Features, inputs);
        var to = new Grading(shape.Features, outputs);
        var isGraded = x.Grading is not null && x.Grading.Classes == inputs;
        if (isGraded)
        {
            RequireMask(grid, centre, from, to, strict);
        }

        // A single class of a site drawn at once: the centre counts as a whole.
        var readsCentre = centre.Count > 0 && (!strict || Math.Max(inputs, outputs) > 1);
        SiteTap[] kept = readsCentre ? [.. earlier, .. centre] : [.. earlier];
        var last = new SiteOffset(0, 0, 0);
        var hasLast = false;
        foreach (var tap in kept)
        {
            var isCentre = (tap.Row, tap.Column) == (0, 0);
            var label = isCentre && isGraded ? (strict ? -1 : 0) : (x.Grading?.Classes ?? 1) - 1;
            var offset = new SiteOffset(x.Shape.RowRate * tap.Row, x.Shape.ColumnRate * tap.Column, label);
            last = hasLast ? SiteOffset.Max(last, offset) : offset;
            hasLast = true;
        }

        var read = new SiteRead(x, last)
        {
            First = kept.Length == 0 ? (0, 0) : (kept.Min(tap => tap.Row), kept.Min(tap => tap.Column)),
            LastColumn = kept.Length == 0 ? 0 : kept.Max(tap => tap.Column),
        };
        var result = isGraded ? shape with { Grading = to } : shape;
        return new TapsNode(this, kind, result, read, [kept], grid, bias is null ? null : Keep(bias), isGraded && readsCentre, strict);
    }

    private void RequireWeights(string kind, SiteValue x, Tensor kernel, Tensor? bias)
    {
        if (kernel.size(1) != x.Features || (bias is not null && bias.numel() != kernel.size(0)))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"A {kind} of {x} has a weight for {kernel.size(1)} features, {kernel.size(0)} outputs and {bias?.numel() ?? kernel.size(0)} biases."));
        }
    }

    private Tensor Four(Tensor kernel)
    {
        using var frozen = no_grad();
        return kernel.dim() switch
        {
            2 => Owned(kernel.reshape(kernel.size(0), kernel.size(1), 1, 1)),
            3 => Owned(kernel.unsqueeze(-1)),
            _ => kernel,
        };
    }

    // Prefixes of classes stand for the mask: another mask would silently give other numbers.
    private void RequireMask(Tensor kernel, List<SiteTap> centre, Grading from, Grading to, bool strict)
    {
        using var frozen = no_grad();
        foreach (var tap in centre)
        {
            using var a = kernel.select(3, tap.KernelColumn);
            using var matrix = a.select(2, tap.KernelRow);
            using var rows = tensor(Enumerable.Range(0, (int)to.Features).Select(k => (long)to.ClassOf(k)).ToArray(), ScalarType.Int64, Device);
            using var columns = tensor(Enumerable.Range(0, (int)from.Features).Select(k => (long)from.ClassOf(k)).ToArray(), ScalarType.Int64, Device);
            using var own = rows.unsqueeze(1);
            using var read = columns.unsqueeze(0);
            using var hidden = strict ? own.le(read) : own.lt(read);
            using var masked = matrix.masked_select(hidden);
            RequireZero(masked, "later classes of its own site");
        }
    }

    // For each tap of a kernel, row by row, whether any weight of it is not zero.
    private bool[] Used(Tensor kernel)
    {
        using var frozen = no_grad();
        using var flat = Four(kernel).reshape(kernel.size(0) * kernel.size(1), -1);
        using var nonzero = flat.count_nonzero([0L]);
        using var counts = nonzero.cpu();
        return [.. counts.data<long>().Select(count => count != 0)];
    }

    private void RequireZero(Tensor kernel, IEnumerable<SiteTap> taps, string what)
    {
        using var frozen = no_grad();
        var grid = Four(kernel);
        foreach (var tap in taps)
        {
            using var a = grid.select(3, tap.KernelColumn);
            using var matrix = a.select(2, tap.KernelRow);
            RequireZero(matrix, what);
        }
    }

    private static void RequireZero(Tensor values, string what)
    {
        using var nonzero = values.count_nonzero();
        if (nonzero.ToInt64() != 0)
        {
            throw new ArgumentException($"Internal error of GenDsl: a masked weight is not zero for {what}. The sampler would disagree with the net.");
        }
    }
}
