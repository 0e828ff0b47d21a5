using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Readers;

/// <summary>Some rows of a column, by their numbers in it; any may come several times.</summary>
/// <param name="all">The column.</param>
/// <param name="rows">The numbers, int64 of shape <c>[n]</c>; they stay the caller's.</param>
internal sealed class ChosenReader(IColumnReader all, Tensor rows) : IColumnReader
{
    public long Rows => rows.size(0);

    public Tensor Gather(Tensor indices, Draws draws)
    {
        using var chosen = rows.index_select(0, indices);
        return all.Gather(chosen, draws);
    }

    public void Dispose() => all.Dispose();
}
