using System.Threading.Tasks;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data;

/// <summary>
/// The static draw of bits from grey levels (Salakhutdinov and Murray 2008): bit 1 with p = level / (levels - 1), keyed by origin and row.
/// The seed is fixed for ever, so reported likelihoods are about the same bits everywhere.
/// </summary>
internal static class StaticBinarisation
{
    private const ulong Seed = 20081;

    public static unsafe Tensor Draw(Column column)
    {
        var top = ColumnFit.LevelsOf(column) - 1;
        if (top is < 1 or > 255)
        {
            throw new GenDslException($"Column {column} cannot be binarised: bits are drawn from 2 to 256 levels.");
        }

        using var bytes = column.Values.dtype == ScalarType.Byte ? column.Values.contiguous() : column.Values.to(ScalarType.Byte);
        using var levels = bytes.cpu();
        var bits = empty_like(levels);
        var rows = column.Rows;
        var size = rows == 0 ? 0 : levels.numel() / rows;
        var key = RowRandom.Key(Seed, column.Origin);
        fixed (byte* from = levels.bytes, to = bits.bytes)
        {
            var (source, target) = ((nint)from, (nint)to);
            Parallel.For(0, rows, row =>
            {
                var random = new RowRandom(key, column.NumberOf(row));
                var level = (byte*)source + row * size;
                var bit = (byte*)target + row * size;
                for (var i = 0L; i < size; i++)
                {
                    // Black and white need no draw; a number below top is below the level with probability level / top exactly.
                    bit[i] = level[i] == 0 ? (byte)0 : level[i] >= top || random.Below(top) < level[i] ? (byte)1 : (byte)0;
                }
            });
        }

        return bits;
    }
}
