using System.Runtime.CompilerServices;

namespace GenDsl.Runtime;

/// <summary>A function of one register, as a type so that loops over it compile to one piece.</summary>
internal interface ILaneFunction<T>
    where T : struct, ILanes<T>
{
    static abstract T Of(T a, T b);
}

internal readonly struct TanhLanes<T> : ILaneFunction<T>
    where T : struct, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of(T a, T b) => LaneMath<T>.Tanh(a);
}

internal readonly struct SigmoidLanes<T> : ILaneFunction<T>
    where T : struct, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of(T a, T b) => LaneMath<T>.Sigmoid(a);
}

internal readonly struct EluLanes<T> : ILaneFunction<T>
    where T : struct, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of(T a, T b) => LaneMath<T>.Elu(a);
}

internal readonly struct SiluLanes<T> : ILaneFunction<T>
    where T : struct, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of(T a, T b) => T.Multiply(T.Max(a, T.All(-100f)), LaneMath<T>.Sigmoid(a));
}

internal readonly struct GateLanes<T> : ILaneFunction<T>
    where T : struct, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of(T a, T b) => LaneMath<T>.Gate(a, b);
}

internal readonly struct LinearGateLanes<T> : ILaneFunction<T>
    where T : struct, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of(T a, T b) => T.Multiply(a, LaneMath<T>.Sigmoid(b));
}
