using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Readers;

/// <summary>Reals as they are, in f32; 16-bit samples are divided by 32,768.</summary>
internal class RealReader(Column column, SpaceInfo space) : ColumnReader(column.Values, space)
{
    private readonly bool _isPcm = Pcm.Is(column);

    protected override Tensor Convert(Tensor rows, Draws draws)
    {
        var real = Reals.From(rows);
        return _isPcm ? real.div_(Held.Scalar(Pcm.Scale)) : real;
    }
}
