using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Readers;

/// <summary>Numbers that belong to codes, looked up as they are read.</summary>
internal sealed class CodeNumberReader(Column column, float[] numbers) : IColumnReader
{
    private Tensor? _numbers;
    private Tensor? _codes;

    public long Rows => column.Rows;

    public Tensor Gather(Tensor indices, Draws draws)
    {
        _codes ??= column.Values.to(indices.device).DetachFromDisposeScope();
        _numbers ??= tensor(numbers, device: indices.device).DetachFromDisposeScope();
        using var codes = _codes.index_select(0, indices);
        using var integers = codes.to(ScalarType.Int64);
        return _numbers[integers];
    }

    public void Dispose()
    {
        _numbers?.Dispose();
        _codes?.Dispose();
    }
}
