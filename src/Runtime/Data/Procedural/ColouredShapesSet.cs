using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Procedural;

/// <summary>
/// The same shape as an outline and filled with the colour of its class, row by row: two domains between which the true mapping is known,
/// and known both ways. To fill an outline its whole form must be seen.
/// </summary>
internal sealed class ColouredShapesSet() : ProceduralSet(
    "paired-shapes-color",
    "each shape twice, 32x32; columns outline (white lines), filled (colour by class), both 256 levels, class (4)",
    BitViews,
    train: 12_000,
    test: 2_000,
    validation: 1_000)
{
    private const int Size = 32;
    private const double Line = 1.5;

    protected override Source Make(DataRequest request, int rows, ulong key)
    {
        const int picture = 3 * Size * Size;
        var outlines = new byte[rows * picture];
        var filled = new byte[rows * picture];
        var classes = Rows(rows, key, (ref RowRandom random, int row) =>
        {
            var shape = ShapeFactors.Draw(ref random);
            var lines = outlines.AsSpan(row * picture, picture);
            ShapeRenderer.Draw(shape with { Colour = 1 }, lines, Size, 1, Line);
            lines[..(Size * Size)].CopyTo(lines[(Size * Size)..]);
            lines[..(Size * Size)].CopyTo(lines[(2 * Size * Size)..]);
            ShapeRenderer.Draw(shape with { Colour = (float)shape.Class / ShapeFactors.Classes }, filled.AsSpan(row * picture, picture), Size, 3);
            return (byte)shape.Class;
        });
        return new Source(
            request.Name,
            [
                new("outline", ElementKind.Levels, 256, tensor(outlines, [rows, 3, Size, Size], ScalarType.Byte)) { Origin = $"{Info.Name}/{request.Split}/outline" },
                new("filled", ElementKind.Levels, 256, tensor(filled, [rows, 3, Size, Size], ScalarType.Byte)) { Origin = $"{Info.Name}/{request.Split}/filled" },
                new("class", ElementKind.Class, ShapeFactors.Classes, tensor(classes, ScalarType.Byte)) { Vocabulary = ShapeFactors.ClassNames },
            ]);
    }
}
