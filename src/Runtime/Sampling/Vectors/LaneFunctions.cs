using System.Runtime.CompilerServices;

namespace GenDsl.Runtime;

/// <summary>A function of registers of any width, as a type so that loops over it compile to one piece.</summary>
internal interface ILaneFunction
{
    static abstract T Of<T>(T a, T b)
        where T : struct, ILanes<T>;
}

internal readonly struct TanhLanes : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T a, T b)
        where T : struct, ILanes<T> => LaneMath<T>.Tanh(a);
}

internal readonly struct SigmoidLanes : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T a, T b)
        where T : struct, ILanes<T> => LaneMath<T>.Sigmoid(a);
}

internal readonly struct EluLanes : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T a, T b)
        where T : struct, ILanes<T> => LaneMath<T>.Elu(a);
}

internal readonly struct SiluLanes : ILaneFunction
{
    // Held above -100, where the result is 0 to the last place: minus infinity times 0 is no number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T a, T b)
        where T : struct, ILanes<T> => T.Multiply(T.Max(a, T.All(-100f)), LaneMath<T>.Sigmoid(a));
}

internal readonly struct GateLanes : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T a, T b)
        where T : struct, ILanes<T> => LaneMath<T>.Gate(a, b);
}

internal readonly struct LinearGateLanes : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T a, T b)
        where T : struct, ILanes<T> => T.Multiply(a, LaneMath<T>.Sigmoid(b));
}
