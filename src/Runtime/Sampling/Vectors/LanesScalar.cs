using System;

namespace GenDsl.Runtime;

/// <summary>One float at a time, where the machine has no vectors; also the reference in tests.</summary>
internal readonly unsafe struct LanesScalar(float value) : ILanes<LanesScalar>
{
    private readonly float _value = value;

    public static int Count => 1;

    public static LanesScalar Zero => default;

    public static LanesScalar Load(float* source) => new(*source);

    public static LanesScalar All(float value) => new(value);

    public static void Store(LanesScalar value, float* target) => *target = value._value;

    public static LanesScalar Add(LanesScalar a, LanesScalar b) => new(a._value + b._value);

    public static LanesScalar Subtract(LanesScalar a, LanesScalar b) => new(a._value - b._value);

    public static LanesScalar Multiply(LanesScalar a, LanesScalar b) => new(a._value * b._value);

    public static LanesScalar Divide(LanesScalar a, LanesScalar b) => new(a._value / b._value);

    public static LanesScalar MultiplyAdd(LanesScalar a, LanesScalar b, LanesScalar c) => new((a._value * b._value) + c._value);

    public static LanesScalar Min(LanesScalar a, LanesScalar b) => new(MathF.Min(a._value, b._value));

    public static LanesScalar Max(LanesScalar a, LanesScalar b) => new(MathF.Max(a._value, b._value));

    public static LanesScalar Round(LanesScalar a) => new(MathF.Round(a._value));

    public static LanesScalar PowerOfTwo(LanesScalar whole) => new(BitConverter.Int32BitsToSingle(((int)whole._value + 127) << 23));

    public static float Sum(LanesScalar a) => a._value;
}
