using System;
using System.Linq;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Procedural;

/// <summary>Digits as calculators show them, each with its own slant, place, size, stroke and bent corners: the form of MNIST where MNIST is not.</summary>
internal sealed class SegmentDigitsSet() : ProceduralSet(
    "segment-digits",
    "digits of seven segments, 28x28 grey; columns image (256 levels), label (10 classes)",
    BitViews,
    train: 12_000,
    test: 2_000,
    validation: 1_000)
{
    private const int Size = 28;

    // Corners: 0 1 above, 2 3 in the middle, 4 5 below.
    private static readonly (int From, int To)[] Segments = [(0, 1), (1, 3), (3, 5), (4, 5), (2, 4), (0, 2), (2, 3)];

    private static readonly int[][] Digits =
    [
        [0, 1, 2, 3, 4, 5], [1, 2], [0, 1, 6, 4, 3], [0, 1, 6, 2, 3], [5, 6, 1, 2], [0, 5, 6, 2, 3], [0, 5, 6, 4, 3, 2], [0, 1, 2], [0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 5, 6],
    ];

    protected override Source Make(DataRequest request, int rows, ulong key)
    {
        var pictures = new byte[rows * Size * Size];
        var labels = Rows(rows, key, (ref RowRandom random, int row) => Draw(ref random, pictures.AsSpan(row * Size * Size, Size * Size)));
        return new Source(
            request.Name,
            [
                new Column("image", ElementKind.Levels, 256, tensor(pictures, [rows, Size, Size], ScalarType.Byte)) { Origin = $"{Info.Name}/{request.Split}" },
                new Column("label", ElementKind.Class, 10, tensor(labels, ScalarType.Byte)) { Vocabulary = [.. Enumerable.Range(0, 10).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))] },
            ]);
    }

    private static byte Draw(ref RowRandom random, Span<byte> picture)
    {
        var digit = random.Below(10);
        var (centreX, centreY) = (13.5 + random.Between(-2, 2), 13.5 + random.Between(-2, 2));
        var height = random.Between(6, 9);
        var width = height * random.Between(0.45, 0.7);
        var slant = random.Between(-0.1, 0.4);
        var stroke = random.Between(0.9, 1.7);
        Span<double> x = stackalloc double[6];
        Span<double> y = stackalloc double[6];
        for (var corner = 0; corner < 6; corner++)
        {
            var (column, row) = (corner % 2 * 2 - 1, corner / 2 - 1);
            y[corner] = centreY + row * height + random.Between(-0.8, 0.8);
            x[corner] = centreX + column * width - slant * row * height + random.Between(-0.8, 0.8);
        }

        for (var row = 0; row < Size; row++)
        {
            for (var column = 0; column < Size; column++)
            {
                var nearest = double.PositiveInfinity;
                foreach (var segment in Digits[digit])
                {
                    var (from, to) = Segments[segment];
                    nearest = Math.Min(nearest, Distance(column - x[from], row - y[from], x[to] - x[from], y[to] - y[from]));
                }

                picture[row * Size + column] = (byte)Math.Round(255 * Math.Clamp(0.5 + stroke - nearest, 0, 1));
            }
        }

        return (byte)digit;
    }

    // From a point to a line from the origin to (toX, toY).
    private static double Distance(double x, double y, double toX, double toY)
    {
        var along = Math.Clamp((x * toX + y * toY) / (toX * toX + toY * toY), 0, 1);
        var (awayX, awayY) = (x - along * toX, y - along * toY);
        return Math.Sqrt(awayX * awayX + awayY * awayY);
    }
}
