using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Procedural;

/// <summary>The same shape as an outline and filled, row by row: pictures for translation between paired domains.</summary>
internal sealed class PairedShapesSet() : ProceduralSet(
    "paired-shapes",
    "each shape twice, 28x28 grey; columns outline, filled (256 levels), class (4)",
    BitViews,
    train: 12_000,
    test: 2_000,
    validation: 1_000)
{
    private const int Size = 28;
    private const double Line = 1.5;

    protected override Source Make(DataRequest request, int rows, ulong key)
    {
        var outlines = new byte[rows * Size * Size];
        var filled = new byte[rows * Size * Size];
        var classes = Rows(rows, key, (ref RowRandom random, int row) =>
        {
            var shape = ShapeFactors.Draw(ref random);
            ShapeRenderer.Draw(shape with { Colour = 1 }, outlines.AsSpan(row * Size * Size, Size * Size), Size, 1, Line);
            ShapeRenderer.Draw(shape, filled.AsSpan(row * Size * Size, Size * Size), Size, 1);
            return (byte)shape.Class;
        });
        return new Source(
            request.Name,
            [
                Picture("outline", outlines, rows, request),
                Picture("filled", filled, rows, request),
                new Column("class", ElementKind.Class, ShapeFactors.Classes, tensor(classes, ScalarType.Byte))
                    { Vocabulary = ShapeFactors.ClassNames },
            ]);
    }

    private Column Picture(string column, byte[] pixels, int rows, DataRequest request) =>
        new(column, ElementKind.Levels, 256, tensor(pixels, [rows, Size, Size], ScalarType.Byte)) { Origin = $"{Info.Name}/{request.Split}/{column}" };
}
