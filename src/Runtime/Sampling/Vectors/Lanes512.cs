using System.Runtime.Intrinsics;

namespace GenDsl.Runtime;

/// <summary>Registers of 512 bits.</summary>
internal readonly unsafe struct Lanes512(Vector512<float> value) : ILanes<Lanes512>
{
    private readonly Vector512<float> _value = value;

    public static int Count => Vector512<float>.Count;

    public static Lanes512 Zero => new(Vector512<float>.Zero);

    public static Lanes512 Load(float* source) => new(Vector512.Load(source));

    public static Lanes512 All(float value) => new(Vector512.Create(value));

    public static void Store(Lanes512 value, float* target) => value._value.Store(target);

    public static Lanes512 Add(Lanes512 a, Lanes512 b) => new(a._value + b._value);

    public static Lanes512 Subtract(Lanes512 a, Lanes512 b) => new(a._value - b._value);

    public static Lanes512 Multiply(Lanes512 a, Lanes512 b) => new(a._value * b._value);

    public static Lanes512 Divide(Lanes512 a, Lanes512 b) => new(a._value / b._value);

    public static Lanes512 MultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) => new(Vector512.FusedMultiplyAdd(a._value, b._value, c._value));

    public static Lanes512 Min(Lanes512 a, Lanes512 b) => new(Vector512.Min(a._value, b._value));

    public static Lanes512 Max(Lanes512 a, Lanes512 b) => new(Vector512.Max(a._value, b._value));

    public static Lanes512 Round(Lanes512 a) => new(Vector512.Round(a._value));

    public static Lanes512 PowerOfTwo(Lanes512 whole) =>
        new(((Vector512.ConvertToInt32(whole._value) + Vector512.Create(127)) << 23).AsSingle());

    public static float Sum(Lanes512 a) => Vector512.Sum(a._value);
}
