using System.Runtime.Intrinsics;

namespace GenDsl.Runtime;

/// <summary>Registers of 256 bits.</summary>
internal readonly unsafe struct Lanes256(Vector256<float> value) : ILanes<Lanes256>
{
    private readonly Vector256<float> _value = value;

    public static int Count => Vector256<float>.Count;

    public static Lanes256 Zero => new(Vector256<float>.Zero);

    public static Lanes256 Load(float* source) => new(Vector256.Load(source));

    public static Lanes256 All(float value) => new(Vector256.Create(value));

    public static void Store(Lanes256 value, float* target) => value._value.Store(target);

    public static Lanes256 Add(Lanes256 a, Lanes256 b) => new(a._value + b._value);

    public static Lanes256 Subtract(Lanes256 a, Lanes256 b) => new(a._value - b._value);

    public static Lanes256 Multiply(Lanes256 a, Lanes256 b) => new(a._value * b._value);

    public static Lanes256 Divide(Lanes256 a, Lanes256 b) => new(a._value / b._value);

    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) => new(Vector256.FusedMultiplyAdd(a._value, b._value, c._value));

    public static Lanes256 Min(Lanes256 a, Lanes256 b) => new(Vector256.Min(a._value, b._value));

    public static Lanes256 Max(Lanes256 a, Lanes256 b) => new(Vector256.Max(a._value, b._value));

    public static Lanes256 Round(Lanes256 a) => new(Vector256.Round(a._value));

    public static Lanes256 PowerOfTwo(Lanes256 whole) =>
        new(((Vector256.ConvertToInt32(whole._value) + Vector256.Create(127)) << 23).AsSingle());

    public static float Sum(Lanes256 a) => Vector256.Sum(a._value);
}
