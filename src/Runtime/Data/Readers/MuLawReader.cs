using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Readers;

/// <summary>Audio to mu-law classes, coded as it is read.</summary>
internal sealed class MuLawReader(Column column, SpaceInfo space) : ColumnReader(column.Values, space)
{
    private static readonly Scalar PcmScale = Pcm.Scale.ToScalar();

    private readonly bool _isPcm = Pcm.Is(column);
    private readonly int _classes = space.Count;

    protected override Tensor Convert(Tensor rows, Draws draws)
    {
        using var real = Reals.From(rows);
        if (_isPcm)
        {
            real.div_(PcmScale);
        }

        return MuLaw.Encode(real, _classes);
    }
}
