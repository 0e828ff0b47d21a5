using System;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace GenDsl.Benchmarks;

/// <summary>
/// Procedural data of MNIST's shape: 60,000 grey images of one soft spot each, and bits drawn from them. Written without tensor operations,
/// so that no temporary of theirs is counted as a contestant's memory.
/// </summary>
internal static class BenchmarkData
{
    public const int Rows = 60_000;

    private const int Side = 28;

    /// <summary>Levels of 0 to 255, u8 of shape <c>[60000, 1, 28, 28]</c>.</summary>
    public static Tensor Images() => Draw((level, _) => (byte)(level * 255));

    /// <summary>Bits with the level as probability, u8 of shape <c>[60000, 1, 28, 28]</c>.</summary>
    public static Tensor Bits() => Draw((level, random) => (byte)(random.NextSingle() < level ? 1 : 0));

    /// <summary>Points about a bent line, f32 of shape <c>[60000, 2]</c>.</summary>
    public static Tensor Points()
    {
        var random = new Random(7);
        var points = empty(Rows, 2);
        var numbers = MemoryMarshal.Cast<byte, float>(points.bytes);
        for (var row = 0; row < Rows; row++)
        {
            var along = (4 * random.NextSingle()) - 2;
            numbers[2 * row] = along;
            numbers[(2 * row) + 1] = (along * along) - 1 + (0.3f * random.NextSingle());
        }

        return points;
    }

    private static Tensor Draw(Func<float, Random, byte> pixel)
    {
        var random = new Random(7);
        var images = empty(Rows, 1, Side, Side, dtype: ScalarType.Byte);
        var bytes = images.bytes;
        Span<float> down = stackalloc float[Side];
        Span<float> across = stackalloc float[Side];
        for (int row = 0, at = 0; row < Rows; row++)
        {
            Profile(down, random);
            Profile(across, random);
            foreach (var vertical in down)
            {
                foreach (var horizontal in across)
                {
                    bytes[at++] = pixel(vertical * horizontal, random);
                }
            }
        }

        return images;
    }

    private static void Profile(Span<float> values, Random random)
    {
        var centre = 6 + 16 * random.NextSingle();
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = MathF.Exp(-(i - centre) * (i - centre) / 30);
        }
    }
}
