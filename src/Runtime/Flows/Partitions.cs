using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>The two parts of a sample between which a coupling layer passes information.</summary>
public static class Partitions
{
    /// <summary>
    /// Ones on the first part, zeros on the second; the masks of an even and an odd parity are each other's complement. With an even parity the
    /// first part is: the sites whose row + column is even; the first half of the channels, rows or columns, rounded up.
    /// </summary>
    /// <param name="kind">How the sample is divided.</param>
    /// <param name="parity">Even or odd.</param>
    /// <param name="sizes">The sizes of a sample: <c>[c, h, w]</c>; for channels also <c>[c, t]</c> and <c>[c]</c>.</param>
    /// <param name="like">Gives device and, if it holds real numbers, type.</param>
    /// <returns>A mask that is repeated over the other axes of a sample: <c>[1, h, w]</c>, <c>[c, 1, 1]</c> (<c>[c, 1]</c>, <c>[c]</c>), <c>[1, h, 1]</c>, <c>[1, 1, w]</c>.</returns>
    /// <exception cref="GenDslException">The sample has no such axes.</exception>
    public static Tensor Mask(PartitionKind kind, long parity, long[] sizes, Tensor like)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        ArgumentNullException.ThrowIfNull(like);
        if (kind == PartitionKind.Channels ? sizes.Length < 1 : sizes.Length != 3)
        {
            throw new GenDslException(
                $"A partition by {Name(kind)} divides {(kind == PartitionKind.Channels ? "[N, c, ...]" : "[N, c, h, w]")}, but this tensor is [N, {string.Join(", ", sizes)}].");
        }

        var type = like.is_floating_point() ? like.dtype : get_default_dtype();
        return kind switch
        {
            PartitionKind.Checkerboard => Checkerboard(parity, sizes, like, type),
            PartitionKind.Channels => FirstHalf(0, parity, sizes, like, type),
            PartitionKind.TopBottom => FirstHalf(1, parity, sizes, like, type),
            PartitionKind.LeftRight => FirstHalf(2, parity, sizes, like, type),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }

    private static Tensor Checkerboard(long parity, long[] sizes, Tensor like, ScalarType type)
    {
        var (height, width) = (sizes[1], sizes[2]);
        var mask = zeros([1, height, width], type, like.device);
        for (var row = 0; row < Math.Min(2, height); row++)
        {
            // Every second site of every second row, from the first whose sum with the row fits.
            var column = IsOdd(parity + row) ? 1 : 0;
            using var sites = mask.as_strided([(height - row + 1) / 2, (width - column + 1) / 2], [2 * width, 2], (row * width) + column);
            sites.fill_(Held.Scalar(1));
        }

        return mask;
    }

    private static Tensor FirstHalf(int axis, long parity, long[] sizes, Tensor like, ScalarType type)
    {
        var size = sizes[axis];
        var half = (size + 1) / 2;
        var shape = new long[sizes.Length];
        Array.Fill(shape, 1);
        shape[axis] = size;
        var isOdd = IsOdd(parity);
        var mask = zeros(shape, type, like.device);
        using var part = isOdd ? mask.narrow(axis, half, size - half) : mask.narrow(axis, 0, half);
        part.fill_(Held.Scalar(1));
        return mask;
    }

    private static bool IsOdd(long parity) => (parity & 1) == 1;

    private static string Name(PartitionKind kind) => kind switch
    {
        PartitionKind.Checkerboard => "checkerboard",
        PartitionKind.Channels => "channels",
        PartitionKind.TopBottom => "top and bottom",
        _ => "left and right",
    };
}
