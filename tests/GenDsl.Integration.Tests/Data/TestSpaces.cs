using GenDsl.Runtime;

namespace GenDsl.Integration.Tests.Data;

/// <summary>Spaces as the compiler declares them.</summary>
internal static class TestSpaces
{
    public static SpaceInfo Real(double low, double high, params long[] shape) => new("Image", ElementKind.Real, 0, shape, low, high);

    public static SpaceInfo Unbounded(params long[] shape) => Real(double.NegativeInfinity, double.PositiveInfinity, shape);

    public static SpaceInfo Levels(int count, params long[] shape) => new("Grey", ElementKind.Levels, count, shape, 0, count - 1);

    public static SpaceInfo Bits(params long[] shape) => new("Bits", ElementKind.Bit, 0, shape, 0, 1);

    public static SpaceInfo Class(int count) => new("Label", ElementKind.Class, count, [], 0, count - 1);

    public static SpaceInfo MuLaw(int count, params long[] shape) => new("Audio", ElementKind.MuLaw, count, shape, 0, count - 1);
}
