using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Procedural;

/// <summary>
/// Three shapes, one in front of the other, as a map that says of each pixel which class is seen there and as a picture. A class has a hue, each shape a
/// brightness of its own, and the ground a grey that changes from top to bottom: what the map does not tell.
/// </summary>
internal sealed class ShapeScenesSet() : ProceduralSet(
    "shape-scenes",
    "three shapes in front of a ground, 32x32; columns map (what is seen at each pixel, 5 codes), picture (colour, 256 levels)",
    BitViews,
    train: 12_000,
    test: 2_000,
    validation: 1_000)
{
    private const int Size = 32;
    private const int Shapes = 3;

    private static readonly string[] Names = ["ground", .. ShapeFactors.ClassNames];

    protected override Source Make(DataRequest request, int rows, ulong key)
    {
        var maps = new byte[rows * Size * Size];
        var pictures = new byte[rows * 3 * Size * Size];
        Rows(rows, key, (ref RowRandom random, int row) =>
        {
            Paint(ref random, maps.AsSpan(row * Size * Size, Size * Size), pictures.AsSpan(row * 3 * Size * Size, 3 * Size * Size));
            return row;
        });
        return new Source(
            request.Name,
            [
                new("map", ElementKind.Code, Names.Length, tensor(maps, [rows, Size, Size], ScalarType.Byte)) { Vocabulary = Names },
                new("picture", ElementKind.Levels, 256, tensor(pictures, [rows, 3, Size, Size], ScalarType.Byte)) { Origin = $"{Info.Name}/{request.Split}" },
            ]);
    }

    private static void Paint(ref RowRandom random, Span<byte> map, Span<byte> picture)
    {
        Span<double> light = stackalloc double[3 * Size * Size];
        Span<double> coverage = stackalloc double[Size * Size];
        Span<double> colour = stackalloc double[3];
        var (top, bottom) = (random.Between(0, 0.5), random.Between(0, 0.5));
        for (var site = 0; site < light.Length; site++)
        {
            light[site] = top + (bottom - top) * (site / Size % Size) / (Size - 1);
        }

        for (var i = 0; i < Shapes; i++)
        {
            var shape = ShapeFactors.Draw(ref random);
            coverage.Clear();
            ShapeRenderer.Cover(shape, coverage, Size);
            ShapeRenderer.Paint((double)shape.Class / ShapeFactors.Classes, 3, colour);
            for (var site = 0; site < coverage.Length; site++)
            {
                for (var channel = 0; channel < 3; channel++)
                {
                    ref var here = ref light[channel * Size * Size + site];
                    here += coverage[site] * ((0.5 + 0.5 * shape.Colour) * colour[channel] - here);
                }

                if (coverage[site] >= 0.5)
                {
                    map[site] = (byte)(1 + shape.Class);
                }
            }
        }

        for (var site = 0; site < light.Length; site++)
        {
            picture[site] = (byte)Math.Round(255 * light[site]);
        }
    }
}
