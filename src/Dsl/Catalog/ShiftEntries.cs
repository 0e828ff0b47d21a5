using System.Collections.Immutable;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>Shifts along site axes, zeros taking the place they leave: what makes a site see only those before it.</summary>
internal static class ShiftEntries
{
    public static ImmutableArray<Operation> All { get; } =
    [
        new("delay", OperationKind.Function,
            [new("x", ParameterKind.Tensor, null, "[t] or [c, t]"), new("steps", ParameterKind.Size, "1", "how many steps later")],
            c => Shift(c, "[time] or [channels, time]", [1, 2], [c.Size("steps")]),
            "Layers.Delay({x}, {steps})",
            "The same sequence, later by a number of steps: zeros in front, as many values lost at the end.") { Site = "{plan}.Shift({x}, {offset})" },
        new("rows_above", OperationKind.Function, [new("x", ParameterKind.Tensor, null, "[c, h, w]")],
            c => Shift(c, "[channels, height, width]", [3], [Dim.One, Dim.Zero]),
            "Functional.pad({x}, (0, 0, 1, -1))",
            "Every site gets what stands in the row above it; the first row gets zeros.") { Site = "{plan}.Shift({x}, {offset})" },
        new("columns_left", OperationKind.Function, [new("x", ParameterKind.Tensor, null, "[c, h, w]")],
            c => Shift(c, "[channels, height, width]", [3], [Dim.Zero, Dim.One]),
            "Functional.pad({x}, (1, -1))",
            "Every site gets what stands in the column to its left; the first column gets zeros.") { Site = "{plan}.Shift({x}, {offset})" },
    ];

    private static OperationOutcome? Shift(OperationCall call, string wanted, int[] ranks, ImmutableArray<Dim> offset)
    {
        if (!call.RequireRank("x", wanted, ranks))
        {
            return null;
        }

        TensorType x = call.Type("x");
        if (x.Element is Element.Class or Element.Code or Element.MuLaw)
        {
            return call.Fail("x", b => b.ShiftOfLabels(call.Operation.Name, x));
        }

        ImmutableArray<AxisTaps>.Builder taps = ImmutableArray.CreateBuilder<AxisTaps>();
        foreach (Dim steps in offset)
        {
            taps.Add(new AxisTaps(Dim.One, false, Dim.One, Dim.One, steps));
        }

        return OperationOutcome.Of(
            x.With(range: x.Range.Join(Interval.Point(0))), ("steps", new SizeAttribute(offset[0])), ("offset", new SizesAttribute(offset))) with
        {
            Access = new TapsAccess(taps.ToImmutable()) { IsPerFeature = true },
        };
    }
}
