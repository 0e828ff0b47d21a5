using System.Runtime.CompilerServices;

namespace GenDsl.Runtime;

/// <summary>Functions on registers; errors of a few units in the last place of the result's scale.</summary>
internal static class LaneMath<T>
    where T : struct, ILanes<T>
{
    /// <summary>exp(x), with x held in [-87, 88].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp(T x)
    {
        // x = n ln 2 + r with |r| <= ln 2 / 2; ln 2 in two parts so that n ln 2 is exact; the series of exp to r^7.
        x = T.Max(T.Min(x, T.All(88f)), T.All(-87f));
        var n = T.Round(T.Multiply(x, T.All(1.44269504f)));
        var r = T.MultiplyAdd(n, T.All(-0.693359375f), x);
        r = T.MultiplyAdd(n, T.All(2.12194440e-4f), r);
        var p = T.All(1f / 5040f);
        p = T.MultiplyAdd(p, r, T.All(1f / 720f));
        p = T.MultiplyAdd(p, r, T.All(1f / 120f));
        p = T.MultiplyAdd(p, r, T.All(1f / 24f));
        p = T.MultiplyAdd(p, r, T.All(1f / 6f));
        p = T.MultiplyAdd(p, r, T.All(0.5f));
        p = T.MultiplyAdd(p, r, T.All(1f));
        p = T.MultiplyAdd(p, r, T.All(1f));
        return T.Multiply(p, T.PowerOfTwo(n));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid(T x) => T.Divide(T.All(1f), T.Add(T.All(1f), Exp(T.Subtract(T.Zero, x))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh(T x)
    {
        // Beyond 10 the result is 1 to the last place, and the quotient would overflow.
        var e = Exp(T.Multiply(T.All(2f), T.Max(T.Min(x, T.All(10f)), T.All(-10f))));
        return T.Divide(T.Subtract(e, T.All(1f)), T.Add(e, T.All(1f)));
    }

    /// <summary>tanh(a) · sigmoid(b) by one division.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Gate(T a, T b)
    {
        var e = Exp(T.Multiply(T.All(2f), T.Max(T.Min(a, T.All(10f)), T.All(-10f))));

        // Held so that the product of the denominators stays finite.
        var s = Exp(T.Min(T.Subtract(T.Zero, b), T.All(60f)));
        return T.Divide(T.Subtract(e, T.All(1f)), T.Multiply(T.Add(e, T.All(1f)), T.Add(s, T.All(1f))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Elu(T x)
    {
        var below = T.Subtract(Exp(T.Min(x, T.Zero)), T.All(1f));
        return T.Add(T.Max(x, T.Zero), below);
    }
}
