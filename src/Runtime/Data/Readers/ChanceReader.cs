using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Readers;

/// <summary>
/// Rows drawn anew, each as likely as any other, from the randomness of the step that asks, whatever rows it asks for. All such columns of a
/// source are given the same randomness, so that they are of the same rows.
/// </summary>
internal sealed class ChanceReader(IColumnReader rows) : IColumnReader
{
    public long Rows => rows.Rows;

    public Tensor Gather(Tensor indices, Draws draws)
    {
        using var others = draws.At("chance").On(indices.device).Integers(0, Rows, indices.size(0));
        return rows.Gather(others, draws);
    }

    public void Dispose() => rows.Dispose();
}
