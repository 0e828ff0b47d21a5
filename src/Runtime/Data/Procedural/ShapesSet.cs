using System;
using System.Collections.Generic;
using System.Linq;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Procedural;

/// <summary>Rendered shapes with the factors they were rendered from, after dSprites (Matthey et al. 2017) and larger in variety.</summary>
internal sealed class ShapesSet(string name, bool isColour) : ProceduralSet(
    name,
    $"rendered shapes, {(isColour ? "32x32 colour" : "28x28 grey")}; columns image (256 levels), class (4), x, y, rotation, scale, colour (real)",
    BitViews,
    train: 12_000,
    test: 2_000,
    validation: 1_000)
{
    private static readonly (string Name, double Low, double High)[] Factors =
        [("x", -1, 1), ("y", -1, 1), ("rotation", 0, 1), ("scale", 0.5, 1), ("colour", 0, 1)];

    protected override Source Make(DataRequest request, int rows, ulong key)
    {
        var (size, channels) = isColour ? (32, 3) : (28, 1);
        var pictures = new byte[rows * channels * size * size];
        var shapes = Rows(rows, key, (ref RowRandom random, int row) =>
        {
            var shape = ShapeFactors.Draw(ref random);
            ShapeRenderer.Draw(shape, pictures.AsSpan(row * channels * size * size, channels * size * size), size, channels);
            return shape;
        });
        long[] shape = isColour ? [rows, channels, size, size] : [rows, size, size];
        List<Column> columns =
        [
            new("image", ElementKind.Levels, 256, tensor(pictures, shape, ScalarType.Byte)) { Origin = $"{Info.Name}/{request.Split}" },
            new("class", ElementKind.Class, ShapeFactors.Classes, tensor(shapes.Select(shape => (byte)shape.Class).ToArray(), ScalarType.Byte))
                { Vocabulary = ShapeFactors.ClassNames },
        ];
        foreach (var (factor, low, high) in Factors)
        {
            columns.Add(new Column(factor, ElementKind.Real, 0, low, high, tensor(shapes.Select(shape => shape.Continuous(factor)).ToArray())));
        }

        return new Source(request.Name, columns);
    }
}
