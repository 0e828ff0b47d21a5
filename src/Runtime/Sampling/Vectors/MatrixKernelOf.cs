using System;
using System.Runtime.CompilerServices;

namespace GenDsl.Runtime;

/// <summary>
/// Register blocking: four registers of outputs by four rows stay in registers while the inputs run through, so that weights are read once
/// for every four rows, and, for one row, as one stream.
/// </summary>
/// <remarks>Compiled at once, without the profile of a first tier: with it these loops were measured at half the speed.</remarks>
internal sealed unsafe class MatrixKernel<T> : MatrixKernel
    where T : struct, ILanes<T>
{
    public override int Lanes => T.Count;

    public override void Multiply(float* x, int xStride, int rows, PackedMatrix matrix, float* y, int yStride)
    {
        if (matrix.IsNarrow)
        {
            Dot(x, xStride, rows, matrix, y, yStride);
            return;
        }

        var weights = matrix.Weights;
        var bias = matrix.Bias;
        var inputs = matrix.Inputs;
        var width = Panel * T.Count;
        var output = 0;
        for (; output + width <= matrix.Outputs; output += width)
        {
            var row = 0;
            for (; row + 4 <= rows; row += 4)
            {
                FourByFour(x + ((long)row * xStride), xStride, weights, inputs, bias + output, y + ((long)row * yStride) + output, yStride);
            }

            for (; row < rows; row++)
            {
                OneByFour(x + ((long)row * xStride), weights, inputs, bias + output, y + ((long)row * yStride) + output);
            }

            weights += (long)inputs * width;
        }

        for (; output < matrix.Outputs; output += T.Count)
        {
            var valid = Math.Min(T.Count, matrix.Outputs - output);
            var row = 0;
            for (; row + 4 <= rows; row += 4)
            {
                FourByOne(x + ((long)row * xStride), xStride, weights, inputs, bias + output, y + ((long)row * yStride) + output, yStride, valid);
            }

            for (; row < rows; row++)
            {
                OneByOne(x + ((long)row * xStride), weights, inputs, bias + output, y + ((long)row * yStride) + output, valid);
            }

            weights += (long)inputs * T.Count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByFour(float* x, int xStride, float* w, int inputs, float* bias, float* y, int yStride)
    {
        var n = T.Count;
        float* x1 = x + xStride, x2 = x1 + xStride, x3 = x2 + xStride;
        T a0 = T.Load(bias), a1 = T.Load(bias + n), a2 = T.Load(bias + (2 * n)), a3 = T.Load(bias + (3 * n));
        T b0 = a0, b1 = a1, b2 = a2, b3 = a3, c0 = a0, c1 = a1, c2 = a2, c3 = a3, d0 = a0, d1 = a1, d2 = a2, d3 = a3;
        for (var i = 0; i < inputs; i++, w += 4 * n)
        {
            T w0 = T.Load(w), w1 = T.Load(w + n), w2 = T.Load(w + (2 * n)), w3 = T.Load(w + (3 * n));
            var v = T.All(x[i]);
            a0 = T.MultiplyAdd(v, w0, a0);
            a1 = T.MultiplyAdd(v, w1, a1);
            a2 = T.MultiplyAdd(v, w2, a2);
            a3 = T.MultiplyAdd(v, w3, a3);
            v = T.All(x1[i]);
            b0 = T.MultiplyAdd(v, w0, b0);
            b1 = T.MultiplyAdd(v, w1, b1);
            b2 = T.MultiplyAdd(v, w2, b2);
            b3 = T.MultiplyAdd(v, w3, b3);
            v = T.All(x2[i]);
            c0 = T.MultiplyAdd(v, w0, c0);
            c1 = T.MultiplyAdd(v, w1, c1);
            c2 = T.MultiplyAdd(v, w2, c2);
            c3 = T.MultiplyAdd(v, w3, c3);
            v = T.All(x3[i]);
            d0 = T.MultiplyAdd(v, w0, d0);
            d1 = T.MultiplyAdd(v, w1, d1);
            d2 = T.MultiplyAdd(v, w2, d2);
            d3 = T.MultiplyAdd(v, w3, d3);
        }

        Store(y, a0, a1, a2, a3);
        Store(y + yStride, b0, b1, b2, b3);
        Store(y + (2 * yStride), c0, c1, c2, c3);
        Store(y + (3 * yStride), d0, d1, d2, d3);
    }

    // Two inputs at a time: eight sums hide the latency of the multiply-add.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneByFour(float* x, float* w, int inputs, float* bias, float* y)
    {
        var n = T.Count;
        T a0 = T.Load(bias), a1 = T.Load(bias + n), a2 = T.Load(bias + (2 * n)), a3 = T.Load(bias + (3 * n));
        T b0 = T.Zero, b1 = T.Zero, b2 = T.Zero, b3 = T.Zero;
        var i = 0;
        for (; i + 2 <= inputs; i += 2, w += 8 * n)
        {
            var v = T.All(x[i]);
            a0 = T.MultiplyAdd(v, T.Load(w), a0);
            a1 = T.MultiplyAdd(v, T.Load(w + n), a1);
            a2 = T.MultiplyAdd(v, T.Load(w + (2 * n)), a2);
            a3 = T.MultiplyAdd(v, T.Load(w + (3 * n)), a3);
            v = T.All(x[i + 1]);
            b0 = T.MultiplyAdd(v, T.Load(w + (4 * n)), b0);
            b1 = T.MultiplyAdd(v, T.Load(w + (5 * n)), b1);
            b2 = T.MultiplyAdd(v, T.Load(w + (6 * n)), b2);
            b3 = T.MultiplyAdd(v, T.Load(w + (7 * n)), b3);
        }

        if (i < inputs)
        {
            var v = T.All(x[i]);
            a0 = T.MultiplyAdd(v, T.Load(w), a0);
            a1 = T.MultiplyAdd(v, T.Load(w + n), a1);
            a2 = T.MultiplyAdd(v, T.Load(w + (2 * n)), a2);
            a3 = T.MultiplyAdd(v, T.Load(w + (3 * n)), a3);
        }

        Store(y, T.Add(a0, b0), T.Add(a1, b1), T.Add(a2, b2), T.Add(a3, b3));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByOne(float* x, int xStride, float* w, int inputs, float* bias, float* y, int yStride, int valid)
    {
        float* x1 = x + xStride, x2 = x1 + xStride, x3 = x2 + xStride;
        T a = T.Load(bias), b = a, c = a, d = a;
        for (var i = 0; i < inputs; i++, w += T.Count)
        {
            var v = T.Load(w);
            a = T.MultiplyAdd(T.All(x[i]), v, a);
            b = T.MultiplyAdd(T.All(x1[i]), v, b);
            c = T.MultiplyAdd(T.All(x2[i]), v, c);
            d = T.MultiplyAdd(T.All(x3[i]), v, d);
        }

        StorePart(y, a, valid);
        StorePart(y + yStride, b, valid);
        StorePart(y + (2 * yStride), c, valid);
        StorePart(y + (3 * yStride), d, valid);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneByOne(float* x, float* w, int inputs, float* bias, float* y, int valid)
    {
        var n = T.Count;
        T a = T.Load(bias), b = T.Zero, c = T.Zero, d = T.Zero;
        var i = 0;
        for (; i + 4 <= inputs; i += 4, w += 4 * n)
        {
            a = T.MultiplyAdd(T.All(x[i]), T.Load(w), a);
            b = T.MultiplyAdd(T.All(x[i + 1]), T.Load(w + n), b);
            c = T.MultiplyAdd(T.All(x[i + 2]), T.Load(w + (2 * n)), c);
            d = T.MultiplyAdd(T.All(x[i + 3]), T.Load(w + (3 * n)), d);
        }

        for (; i < inputs; i++, w += n)
        {
            a = T.MultiplyAdd(T.All(x[i]), T.Load(w), a);
        }

        StorePart(y, T.Add(T.Add(a, b), T.Add(c, d)), valid);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dot(float* x, int xStride, int rows, PackedMatrix matrix, float* y, int yStride)
    {
        var n = T.Count;
        for (var row = 0; row < rows; row++)
        {
            for (var output = 0; output < matrix.Outputs; output++)
            {
                var own = x + ((long)row * xStride);
                var w = matrix.Weights + ((long)output * matrix.Inputs);
                T a = T.Zero, b = T.Zero, c = T.Zero, d = T.Zero;
                var i = 0;
                for (; i + (4 * n) <= matrix.Inputs; i += 4 * n)
                {
                    a = T.MultiplyAdd(T.Load(own + i), T.Load(w + i), a);
                    b = T.MultiplyAdd(T.Load(own + i + n), T.Load(w + i + n), b);
                    c = T.MultiplyAdd(T.Load(own + i + (2 * n)), T.Load(w + i + (2 * n)), c);
                    d = T.MultiplyAdd(T.Load(own + i + (3 * n)), T.Load(w + i + (3 * n)), d);
                }

                for (; i + n <= matrix.Inputs; i += n)
                {
                    a = T.MultiplyAdd(T.Load(own + i), T.Load(w + i), a);
                }

                var sum = T.Sum(T.Add(T.Add(a, b), T.Add(c, d))) + matrix.Bias[output];
                for (; i < matrix.Inputs; i++)
                {
                    sum += own[i] * w[i];
                }

                y[((long)row * yStride) + output] = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* y, T a, T b, T c, T d)
    {
        var n = T.Count;
        T.Store(a, y);
        T.Store(b, y + n);
        T.Store(c, y + (2 * n));
        T.Store(d, y + (3 * n));
    }

    private static void StorePart(float* y, T value, int valid)
    {
        if (valid == T.Count)
        {
            T.Store(value, y);
            return;
        }

        // As many as the widest register holds.
        var part = stackalloc float[16];
        T.Store(value, part);
        for (var i = 0; i < valid; i++)
        {
            y[i] = part[i];
        }
    }
}
