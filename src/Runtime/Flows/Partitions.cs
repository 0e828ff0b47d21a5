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
    /// <param name="like">Gives sizes, device and, if it holds real numbers, type: <c>[N, c, h, w]</c>; for channels also <c>[N, c, t]</c> and <c>[N, c]</c>.</param>
    /// <returns>A mask that is repeated over the other axes of a sample: <c>[1, h, w]</c>, <c>[c, 1, 1]</c> (<c>[c, 1]</c>, <c>[c]</c>), <c>[1, h, 1]</c>, <c>[1, 1, w]</c>.</returns>
    /// <exception cref="GenDslException">The tensor has no such axes.</exception>
    public static Tensor Mask(PartitionKind kind, long parity, Tensor like)
    {
        ArgumentNullException.ThrowIfNull(like);
        if (kind == PartitionKind.Channels ? like.dim() < 2 : like.dim() != 4)
        {
            throw new GenDslException(
                $"A partition by {Name(kind)} divides {(kind == PartitionKind.Channels ? "[N, c, ...]" : "[N, c, h, w]")}, but this tensor is [{string.Join(", ", like.shape)}].");
        }

        var type = like.is_floating_point() ? like.dtype : get_default_dtype();
        return kind switch
        {
            PartitionKind.Checkerboard => Checkerboard(parity, like, type),
            PartitionKind.Channels => FirstHalf(1, parity, like, type),
            PartitionKind.TopBottom => FirstHalf(2, parity, like, type),
            PartitionKind.LeftRight => FirstHalf(3, parity, like, type),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }

    private static Tensor Checkerboard(long parity, Tensor like, ScalarType type)
    {
        // The first part, where the sum is even, shows as 1 in the sum that is one larger.
        var start = IsOdd(parity) ? 0 : 1;
        using var columns = arange(like.size(3), ScalarType.Int64, like.device);
        using var line = arange(start, start + like.size(2), ScalarType.Int64, like.device);
        using var rows = line.unsqueeze(1);
        using var sum = rows.add(columns);
        using var colour = sum.remainder(Held.Scalar(2));
        using var mask = colour.unsqueeze(0);
        return mask.to(type);
    }

    private static Tensor FirstHalf(int axis, long parity, Tensor like, ScalarType type)
    {
        var size = like.size(axis);
        var half = (size + 1) / 2;
        var shape = like.shape[1..];
        Array.Fill(shape, 1);
        shape[axis - 1] = size;
        var isOdd = IsOdd(parity);
        var mask = zeros(shape, type, like.device);
        using var part = isOdd ? mask.narrow(axis - 1, half, size - half) : mask.narrow(axis - 1, 0, half);
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
