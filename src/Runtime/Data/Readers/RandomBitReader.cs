using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Readers;

/// <summary>Levels to bits, drawn anew from the randomness of the step that asks.</summary>
internal sealed class RandomBitReader(Column column, SpaceInfo space) : ColumnReader(column.Values, space)
{
    private readonly Scalar _steps = Held.Scalar(ColumnFit.LevelsOf(column) - 1);

    protected override Tensor Convert(Tensor rows, Draws draws)
    {
        using var probabilities = Reals.From(rows).div_(_steps);
        return draws.At("binarise").Bernoulli(probabilities);
    }
}
