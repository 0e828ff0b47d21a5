using System;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Procedural;

/// <summary>
/// Clips of a shape that moves and turns evenly, as outlines and filled, and where each pixel of the shape was one frame before. The brightness of a
/// shape is its own in each clip and the outline does not tell it: a film is to keep it.
/// </summary>
internal sealed class MovingShapesSet() : ProceduralSet(
    "moving-shapes",
    "clips of six frames, 28x28 grey; columns outline, filled (256 levels, a channel for each frame), flow (real: across and down for each frame but the first), class (4)",
    BitViews,
    train: 6_000,
    test: 1_000,
    validation: 500)
{
    private const int Frames = 6;
    private const int Size = 28;
    private const double Line = 1.5;

    /// <summary>The most that a shape turns from frame to frame, in turns.</summary>
    private const double Turn = 1.0 / 24;

    protected override Source Make(DataRequest request, int rows, ulong key)
    {
        const int frame = Size * Size;
        var outlines = new byte[rows * Frames * frame];
        var filled = new byte[rows * Frames * frame];
        var flows = new float[rows * 2 * (Frames - 1) * frame];
        var classes = Rows(rows, key, (ref RowRandom random, int row) =>
        {
            var shape = ShapeFactors.Draw(ref random);
            var (x, y) = ((random.Between(-1, 1) - shape.X) / (Frames - 1), (random.Between(-1, 1) - shape.Y) / (Frames - 1));
            var turn = random.Between(-Turn, Turn);
            for (var i = 0; i < Frames; i++)
            {
                var now = shape with { X = (float)(shape.X + i * x), Y = (float)(shape.Y + i * y), Rotation = (float)(shape.Rotation + i * turn) };
                var at = (row * Frames + i) * frame;
                ShapeRenderer.Draw(now with { Colour = 1 }, outlines.AsSpan(at, frame), Size, 1, Line);
                ShapeRenderer.Draw(now, filled.AsSpan(at, frame), Size, 1);
                if (i > 0)
                {
                    Flow(now, x, y, turn, flows.AsSpan((row * (Frames - 1) + i - 1) * 2 * frame, 2 * frame));
                }
            }

            return (byte)shape.Class;
        });
        return new Source(
            request.Name,
            [
                Film("outline", outlines, rows, request),
                Film("filled", filled, rows, request),
                new("flow", ElementKind.Real, 0, -Size, Size, tensor(flows, [rows, 2 * (Frames - 1), Size, Size])),
                new("class", ElementKind.Class, ShapeFactors.Classes, tensor(classes, ScalarType.Byte)) { Vocabulary = ShapeFactors.ClassNames },
            ]);
    }

    // How far a pixel of the shape was across and down from where it is now: with the centre moved back, and turned back around it.
    private static void Flow(in ShapeFactors now, double x, double y, double turn, Span<float> flow)
    {
        Span<double> coverage = stackalloc double[Size * Size];
        ShapeRenderer.Cover(now, coverage, Size);
        var (centreX, centreY) = ShapeRenderer.Centre(now, Size);
        var (sin, cos) = Math.SinCos(-2 * Math.PI * turn);
        var unit = ShapeFactors.PlaceUnit * Size;
        for (var site = 0; site < coverage.Length; site++)
        {
            if (coverage[site] > 0)
            {
                var (across, down) = (site % Size - centreX, site / Size - centreY);
                flow[site] = (float)(cos * across - sin * down - across - x * unit);
                flow[Size * Size + site] = (float)(sin * across + cos * down - down - y * unit);
            }
        }
    }

    private Column Film(string column, byte[] pixels, int rows, DataRequest request) =>
        new(column, ElementKind.Levels, 256, tensor(pixels, [rows, Frames, Size, Size], ScalarType.Byte)) { Origin = $"{Info.Name}/{request.Split}/{column}" };
}
