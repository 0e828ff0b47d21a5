using System;
using System.Linq;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Data.Procedural;

/// <summary>Points in the plane, the usual toy densities of flows and energy models.</summary>
internal sealed class PointsSet : ProceduralSet
{
    private readonly int _classes;
    private readonly RowMaker<(float X, float Y, byte Class)> _draw;

    private PointsSet(string name, string summary, int classes, RowMaker<(float X, float Y, byte Class)> draw)
        : base(name, $"{summary}; columns point (2 reals), class ({classes})", [], train: 8_192, test: 2_048, validation: 2_048)
    {
        _classes = classes;
        _draw = draw;
    }

    /// <summary>Two half circles of radius 1 that reach into each other, with noise of deviation 0.1 (scikit-learn's <c>make_moons</c>).</summary>
    public static PointsSet Moons { get; } = new("moons", "two interleaved half circles", 2, (ref RowRandom random, int _) =>
    {
        var moon = random.Below(2);
        var (sin, cos) = Math.SinCos(Math.PI * random.Unit());
        var (x, y) = moon == 0 ? (cos, sin) : (1 - cos, 0.5 - sin);
        return ((float)(x + 0.1 * random.Normal()), (float)(y + 0.1 * random.Normal()), (byte)moon);
    });

    /// <summary>Eight normal clouds of deviation 0.354 on a circle of radius 2.83 (Grathwohl et al. 2019, FFJORD).</summary>
    public static PointsSet EightGaussians { get; } = new("eight-gaussians", "eight normal clouds on a circle", 8, (ref RowRandom random, int _) =>
    {
        var cloud = random.Below(8);
        var (sin, cos) = Math.SinCos(Math.PI / 4 * cloud);
        return ((float)((4 * cos + 0.5 * random.Normal()) / 1.414), (float)((4 * sin + 0.5 * random.Normal()) / 1.414), (byte)cloud);
    });

    /// <summary>25 normal clouds of deviation 0.05 at the points of a grid, two apart (Metz et al. 2017, unrolled GANs; Lin et al. 2018, PacGAN).</summary>
    public static PointsSet GaussianGrid { get; } = new("gaussian-grid", "25 normal clouds on a 5x5 grid", 25, (ref RowRandom random, int _) =>
    {
        var cloud = random.Below(25);
        return ((float)(2 * (cloud / 5) - 4 + 0.05 * random.Normal()), (float)(2 * (cloud % 5) - 4 + 0.05 * random.Normal()), (byte)cloud);
    });

    /// <summary>
    /// The black fields, of side 2, of a board that covers [-4, 4) x [-4, 4) (Grathwohl et al. 2019, FFJORD): the density is 1/32 there, the entropy
    /// 5 ln 2 = 3.4657 nats. Classes are fields, column by column.
    /// </summary>
    public static PointsSet Checkerboard { get; } = new("checkerboard", "the black fields of a 4x4 board", 8, (ref RowRandom random, int _) =>
    {
        var field = random.Below(8);
        var (column, row) = (field / 2, field % 2 * 2 + (field / 2) % 2);
        return (Place(column, ref random), Place(row, ref random), (byte)field);

        // Rounding to f32 may reach the far side of the field, which is the next one's.
        static float Place(int index, ref RowRandom random)
        {
            var (start, place) = (2f * index - 4, (float)(2 * index - 4 + 2 * random.Unit()));
            return place < start + 2 ? place : MathF.BitDecrement(start + 2);
        }
    });

    /// <summary>Four circles about the origin of radius 0.75, 1.5, 2.25 and 3, with noise of deviation 0.08 (Grathwohl et al. 2019, FFJORD), all equally likely.</summary>
    public static PointsSet Rings { get; } = new("rings", "four circles about the origin", 4, (ref RowRandom random, int _) =>
    {
        var ring = random.Below(4);
        var (sin, cos) = Math.SinCos(2 * Math.PI * random.Unit());
        var radius = 0.75 * (ring + 1);
        return ((float)(radius * cos + 0.08 * random.Normal()), (float)(radius * sin + 0.08 * random.Normal()), (byte)ring);
    });

    protected override Source Make(DataRequest request, int rows, ulong key)
    {
        var points = Rows(rows, key, _draw);
        float[] places = [.. points.SelectMany(point => new[] { point.X, point.Y })];
        return new Source(
            request.Name,
            [
                new Column("point", ElementKind.Real, 0, double.NegativeInfinity, double.PositiveInfinity, tensor(places, [rows, 2])),
                new Column("class", ElementKind.Class, _classes, tensor(points.Select(point => point.Class).ToArray(), ScalarType.Byte)),
            ]);
    }
}
