using System;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GenDsl.Runtime;

/// <summary>Functions on spans. Those that are hot in samplers are our own (absolute error below 1e-6); the others are TensorPrimitives.</summary>
internal static unsafe class VectorMath
{
    public static void Relu(ReadOnlySpan<float> x, Span<float> result) => TensorPrimitives.Max(x, 0f, result);

    public static void LeakyRelu(ReadOnlySpan<float> x, float slope, Span<float> result)
    {
        for (var i = 0; i < x.Length; i++)
        {
            result[i] = x[i] > 0 ? x[i] : slope * x[i];
        }
    }

    public static void Tanh(ReadOnlySpan<float> x, Span<float> result) => Run<TanhLanes>(x, x, result);

    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> result) => Run<SigmoidLanes>(x, x, result);

    public static void Elu(ReadOnlySpan<float> x, Span<float> result) => Run<EluLanes>(x, x, result);

    public static void Silu(ReadOnlySpan<float> x, Span<float> result) => Run<SiluLanes>(x, x, result);

    /// <summary>tanh(a) · sigmoid(b).</summary>
    public static void Gate(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result) => Run<GateLanes>(a, b, result);

    /// <summary>a · sigmoid(b).</summary>
    public static void LinearGate(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result) => Run<LinearGateLanes>(a, b, result);

    /// <summary>log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)).</summary>
    public static void Softplus(ReadOnlySpan<float> x, Span<float> result)
    {
        for (var i = 0; i < x.Length; i++)
        {
            result[i] = (float)(Math.Max(x[i], 0.0) + Math.Log(1 + Math.Exp(-Math.Abs((double)x[i]))));
        }
    }

    /// <summary>exp(x) over its sum; the largest is taken off first, so that nothing overflows.</summary>
    public static void Softmax(ReadOnlySpan<float> x, Span<float> result)
    {
        TensorPrimitives.Subtract(x, TensorPrimitives.Max(x), result);
        TensorPrimitives.Exp<float>(result, result);
        TensorPrimitives.Divide(result, TensorPrimitives.Sum<float>(result), result);
    }

    /// <summary>x less the logarithm of the sum of exp(x).</summary>
    public static void LogSoftmax(ReadOnlySpan<float> x, Span<float> result)
    {
        var highest = TensorPrimitives.Max(x);
        TensorPrimitives.Subtract(x, highest, result);
        TensorPrimitives.Exp<float>(result, result);
        var total = TensorPrimitives.Sum<float>(result);

        // One after the other: the sum of both would round at the size of the largest.
        TensorPrimitives.Subtract(x, highest, result);
        TensorPrimitives.Subtract(result, MathF.Log(total), result);
    }

    public static void Exp(ReadOnlySpan<float> x, Span<float> result) => TensorPrimitives.Exp(x, result);

    public static void Log(ReadOnlySpan<float> x, Span<float> result) => TensorPrimitives.Log(x, result);

    public static void Abs(ReadOnlySpan<float> x, Span<float> result) => TensorPrimitives.Abs(x, result);

    public static void Negate(ReadOnlySpan<float> x, Span<float> result) => TensorPrimitives.Negate(x, result);

    public static void Power(ReadOnlySpan<float> x, float exponent, Span<float> result) => TensorPrimitives.Pow(x, exponent, result);

    public static void Add(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result) => TensorPrimitives.Add(a, b, result);

    public static void Add(ReadOnlySpan<float> a, float b, Span<float> result) => TensorPrimitives.Add(a, b, result);

    public static void Subtract(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result) => TensorPrimitives.Subtract(a, b, result);

    public static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result) => TensorPrimitives.Multiply(a, b, result);

    public static void Multiply(ReadOnlySpan<float> a, float b, Span<float> result) => TensorPrimitives.Multiply(a, b, result);

    public static void Divide(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result) => TensorPrimitives.Divide(a, b, result);

    public static void Divide(ReadOnlySpan<float> a, float b, Span<float> result) => TensorPrimitives.Divide(a, b, result);

    public static void Less(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = a[i] < b[i] ? 1 : 0;
        }
    }

    public static void LessOrEqual(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = a[i] <= b[i] ? 1 : 0;
        }
    }

    public static void Less(ReadOnlySpan<float> a, float b, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = a[i] < b ? 1 : 0;
        }
    }

    public static void LessOrEqual(ReadOnlySpan<float> a, float b, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = a[i] <= b ? 1 : 0;
        }
    }

    public static void Greater(ReadOnlySpan<float> a, float b, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = a[i] > b ? 1 : 0;
        }
    }

    public static void GreaterOrEqual(ReadOnlySpan<float> a, float b, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = a[i] >= b ? 1 : 0;
        }
    }

    public static void Scale(ReadOnlySpan<float> x, float factor, float offset, Span<float> result)
    {
        TensorPrimitives.Multiply(x, factor, result);
        TensorPrimitives.Add(result, offset, result);
    }

    /// <summary>One pass over the spans: whole registers, then single numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<T, TFunction>(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result)
        where T : struct, ILanes<T>
        where TFunction : struct, ILaneFunction
    {
        fixed (float* pa = a, pb = b, target = result)
        {
            var i = 0;
            for (; i <= result.Length - T.Count; i += T.Count)
            {
                T.Store(TFunction.Of(T.Load(pa + i), T.Load(pb + i)), target + i);
            }

            for (; i < result.Length; i++)
            {
                LanesScalar.Store(TFunction.Of(LanesScalar.Load(pa + i), LanesScalar.Load(pb + i)), target + i);
            }
        }
    }

    // By the widest registers of the machine.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TFunction>(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result)
        where TFunction : struct, ILaneFunction
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<Lanes512, TFunction>(a, b, result);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Run<Lanes256, TFunction>(a, b, result);
        }
        else
        {
            Run<Lanes128, TFunction>(a, b, result);
        }
    }
}
