using System.Linq;
using GenDsl.Runtime;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Data;

/// <summary>Small columns and what readers make of them.</summary>
internal static class TestColumns
{
    public static Column Grey(byte[] pixels, params long[] shape) =>
        new("image", ElementKind.Levels, 256, 0, 255, tensor(pixels, ScalarType.Byte).reshape([-1, .. shape]));

    public static Column Levels(int count, params byte[] values) =>
        new("image", ElementKind.Levels, count, 0, count - 1, tensor(values, ScalarType.Byte));

    public static Column Labels(int count, params byte[] values) =>
        new("label", ElementKind.Class, count, 0, count - 1, tensor(values, ScalarType.Byte));

    public static Column Reals(double low, double high, params float[] values) => new("x", ElementKind.Real, 0, low, high, tensor(values));

    /// <summary>A column of the same picture of rising grey, so many times.</summary>
    public static Column Ramp(int rows) =>
        Grey([.. Enumerable.Range(0, rows * 256).Select(i => (byte)(i % 256))], 16, 16);

    public static float[] Gather(IColumnReader reader, params long[] rows) => Gather(reader, Draws.Root(0, CPU), rows);

    public static float[] Gather(IColumnReader reader, Draws draws, params long[] rows)
    {
        using var indices = tensor(rows);
        using var values = reader.Gather(indices, draws);
        using var real = values.to(ScalarType.Float32);
        return real.data<float>().ToArray();
    }
}
