using System.Linq;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Readers;

/// <summary>Numbers that belong to codes, looked up as they are read.</summary>
internal sealed class CodeNumberReader : IColumnReader
{
    private readonly Column _column;
    private readonly float[] _ofCode;
    private readonly long[] _shape;
    private Tensor? _numbers;
    private Tensor? _codes;

    public CodeNumberReader(Column column, SpaceInfo space, float[] ofCode)
    {
        (_column, _ofCode, _shape) = (column, ofCode, ColumnFit.ShapeOf(column.Shape, space));
        if (double.IsInfinity(space.Low) && double.IsInfinity(space.High))
        {
            return;
        }

        // Only codes that occur count.
        using var codes = column.Values.to(ScalarType.Int64, CPU);
        foreach (var code in codes.data<long>().Distinct())
        {
            if (!(ofCode[code] >= space.Low && ofCode[code] <= space.High))
            {
                throw new GenDslException(System.FormattableString.Invariant(
                    $"Column '{column.Name}': the value {ofCode[code]} is outside [{space.Low}, {space.High}], the range of space {space.Name}. Widen the range of the space."));
            }
        }
    }

    public long Rows => _column.Rows;

    public Tensor Gather(Tensor indices, Draws draws)
    {
        _codes ??= _column.Values.to(indices.device).DetachFromDisposeScope();
        _numbers ??= tensor(_ofCode, device: indices.device).DetachFromDisposeScope();
        using var codes = _codes.index_select(0, indices);
        using var integers = codes.to(ScalarType.Int64);
        using var flat = integers.reshape(-1);
        using var numbers = _numbers.index_select(0, flat);
        return numbers.reshape([indices.size(0), .. _shape]);
    }

    public void Dispose()
    {
        _numbers?.Dispose();
        _codes?.Dispose();
    }
}
