using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Readers;

/// <summary>Levels to fewer ones of equal width: floor(level * n / levels), as 4-bit MNIST is made of the 8-bit one.</summary>
internal sealed class CoarseLevelReader(Column column, SpaceInfo space) : ColumnReader(column.Values, space)
{
    private readonly Scalar _width = Held.Scalar(ColumnFit.LevelsOf(column) / space.Count);

    protected override Tensor Convert(Tensor rows, Draws draws)
    {
        // Exact: a level is a small integer, and the quotient is rounded to the nearest f32, which is never above an integer that it is below.
        return Reals.From(rows).div_(_width).floor_();
    }
}
