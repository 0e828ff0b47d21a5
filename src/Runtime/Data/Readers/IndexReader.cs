using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Readers;

/// <summary>Classes, codes and mu-law classes, as int64.</summary>
internal sealed class IndexReader(Column column, SpaceInfo space) : ColumnReader(column.Values, space)
{
    protected override Tensor Convert(Tensor rows, Draws draws)
    {
        if (rows.dtype == ScalarType.Int64)
        {
            return rows;
        }

        var indices = rows.to(ScalarType.Int64);
        rows.Dispose();
        return indices;
    }
}
