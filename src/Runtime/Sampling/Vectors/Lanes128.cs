using System.Runtime.Intrinsics;

namespace GenDsl.Runtime;

/// <summary>Registers of 128 bits.</summary>
internal readonly unsafe struct Lanes128(Vector128<float> value) : ILanes<Lanes128>
{
    private readonly Vector128<float> _value = value;

    public static int Count => Vector128<float>.Count;

    public static Lanes128 Zero => new(Vector128<float>.Zero);

    public static Lanes128 Load(float* source) => new(Vector128.Load(source));

    public static Lanes128 All(float value) => new(Vector128.Create(value));

    public static void Store(Lanes128 value, float* target) => value._value.Store(target);

    public static Lanes128 Add(Lanes128 a, Lanes128 b) => new(a._value + b._value);

    public static Lanes128 Subtract(Lanes128 a, Lanes128 b) => new(a._value - b._value);

    public static Lanes128 Multiply(Lanes128 a, Lanes128 b) => new(a._value * b._value);

    public static Lanes128 Divide(Lanes128 a, Lanes128 b) => new(a._value / b._value);

    public static Lanes128 MultiplyAdd(Lanes128 a, Lanes128 b, Lanes128 c) => new(Vector128.FusedMultiplyAdd(a._value, b._value, c._value));

    public static Lanes128 Min(Lanes128 a, Lanes128 b) => new(Vector128.Min(a._value, b._value));

    public static Lanes128 Max(Lanes128 a, Lanes128 b) => new(Vector128.Max(a._value, b._value));

    public static Lanes128 Round(Lanes128 a) => new(Vector128.Round(a._value));

    public static Lanes128 PowerOfTwo(Lanes128 whole) =>
        new(((Vector128.ConvertToInt32(whole._value) + Vector128.Create(127)) << 23).AsSingle());

    public static float Sum(Lanes128 a) => Vector128.Sum(a._value);
}
