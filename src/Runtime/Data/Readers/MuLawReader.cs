using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Readers;

/// <summary>Audio to mu-law classes, coded as it is read.</summary>
internal sealed class MuLawReader(Column column, SpaceInfo space) : RealReader(column, space)
{
    private readonly int _classes = space.Count;

    protected override Tensor Convert(Tensor rows, Draws draws)
    {
        using var real = base.Convert(rows, draws);
        return MuLaw.Encode(real, _classes);
    }
}
