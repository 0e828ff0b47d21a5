using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Catalog;

/// <summary>
/// How one site axis of a convolution is padded, or the full result of a transposed one cropped. What both ends have in
/// common the convolution itself does; the rest costs a call of its own.
/// </summary>
/// <param name="Both">Zeros at, or cropped from, either end.</param>
internal sealed record AxisPadding(Dim Both)
{
    /// <summary>Zeros in front beyond <see cref="Both"/>.</summary>
    public Dim Front { get; init; } = Dim.Zero;

    /// <summary>Sites of a transposed result that are not cropped from the end after all: PyTorch's output padding.</summary>
    public Dim Kept { get; init; } = Dim.Zero;

    /// <summary>Sites cropped from the end of a transposed result beyond <see cref="Both"/>.</summary>
    public Dim Behind { get; init; } = Dim.Zero;

    /// <summary>All that stands in front of the first site.</summary>
    public Dim Before => Both + Front;

    /// <summary>The padding of every axis; null, reported, where the words do not fit the kernel.</summary>
    public static ImmutableArray<AxisPadding>? Of(OperationCall call, ImmutableArray<Dim> kernel, ImmutableArray<Dim> stride, ImmutableArray<Dim> dilation, bool transposed)
    {
        int axes = kernel.Length;
        string? word = call.Word("pad");
        switch (word)
        {
            case null:
                return call.AxisSizes("pad", axes) is { } given ? [.. given.Select(p => new AxisPadding(p))] : null;
            case "valid":
                return [.. Enumerable.Repeat(new AxisPadding(Dim.Zero), axes)];
            case "causal" when axes != 1:
            case "down" or "down_right" when axes != 2:
                call.Fail("pad", b => b.PaddingAxes(call.Operation.Name, word, axes));
                return null;
        }

        var paddings = new List<AxisPadding>();
        for (int i = 0; i < axes; i++)
        {
            Dim reach = dilation[i] * (kernel[i] - 1);
            bool isSymmetric = word == "same" || (word == "down" && i == 1);
            if ((word, transposed) switch
            {
                ("same", false) => stride[i].Equals(Dim.One) ? Half(reach) : null,
                ("same", true) => Half(reach + 1 - stride[i]),
                (_, false) => isSymmetric ? Half(reach) : new AxisPadding(Dim.Zero) { Front = reach },
                (_, true) => Crop(reach, stride[i], isSymmetric),
            } is not { } padding)
            {
                call.Fail("pad", b => word == "same"
                    ? b.SamePaddingImpossible(call.Operation.Name, kernel[i], stride[i], transposed)
                    : b.CausalPaddingImpossible(call.Operation.Name, word!, kernel[i], stride[i], transposed));
                return null;
            }

            paddings.Add(padding);
        }

        return [.. paddings];
    }

    // same: the taps beyond the stride are shared out evenly over both ends.
    private static AxisPadding? Half(Dim spare) => spare.TryDivide(2) is { } half && half.Value is null or >= 0 ? new(half) : null;

    // A transposed convolution is longer than stride times its input by what the kernel exceeds the stride. A site must not
    // read what comes behind it, so all of that goes at the end; on a symmetric axis, an odd rest goes in front.
    private static AxisPadding? Crop(Dim reach, Dim stride, bool isSymmetric)
    {
        Dim spare = reach + 1 - stride;
        if (spare.LowerBound is null or < 0)
        {
            return null;
        }

        if (!isSymmetric)
        {
            return new(Dim.Zero) { Behind = spare };
        }

        return spare.TryDivide(2) is { } half ? new(half)
            : reach.TryDivide(2) is not null && (spare + 1).TryDivide(2) is { } more ? new(more) { Kept = Dim.One }
            : null;
    }
}
