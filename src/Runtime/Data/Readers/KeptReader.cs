using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Readers;

/// <summary>Rows as they were computed.</summary>
/// <param name="values">Shape <c>[n, ...]</c>; they stay the caller's.</param>
internal sealed class KeptReader(Tensor values) : IColumnReader
{
    public long Rows => values.size(0);

    public Tensor Gather(Tensor indices, Draws draws) => values.index_select(0, indices);

    public void Dispose()
    {
    }
}
