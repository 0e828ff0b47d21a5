using GenDsl.Runtime;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime;

/// <summary>Points of a noiseless plane.</summary>
internal static class Plane
{
    public static Source Source(int rows)
    {
        var draws = Draws.Root(7, CPU);
        var x = draws.At("x").Normal(rows, 3);
        using var slope = tensor(new float[] { 1, -2, 0.5f }).reshape(3, 1);
        var y = mm(x, slope);
        return new Source("plane",
        [
            new Column("x", ElementKind.Real, 0, double.NegativeInfinity, double.PositiveInfinity, x),
            new Column("y", ElementKind.Real, 0, double.NegativeInfinity, double.PositiveInfinity, y),
        ]);
    }
}
