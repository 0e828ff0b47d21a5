using System;
using GenDsl.Runtime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Runtime.Sampling;

public unsafe class VectorTests
{
    [Fact]
    public void FunctionsAreExactToOneMillionth()
    {
        // More than a few registers, and a rest; the ends of the range of f32 too.
        var x = new float[1237];
        var b = new float[1237];
        var random = new Random(1);
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = (float)((random.NextDouble() - 0.5) * 40);
            b[i] = (float)((random.NextDouble() - 0.5) * 40);
        }

        ((float[])[0, -0f, 1e-8f, -1e-8f, 88, -88, 1e4f, -1e4f, 3e38f, -3e38f]).CopyTo(x, 100);
        ((float[])[3e38f, -3e38f, 88, -88, -1, 1, -1e4f, 1e4f, 0, 0]).CopyTo(b, 100);
        Check(x, b, (a, _, y) => VectorMath.Tanh(a, y), (a, _) => Math.Tanh(a));
        Check(x, b, (a, _, y) => VectorMath.Sigmoid(a, y), (a, _) => 1 / (1 + Math.Exp(-a)));
        Check(x, b, VectorMath.Gate, (a, c) => Math.Tanh(a) / (1 + Math.Exp(-c)));
        Check(x, b, VectorMath.LinearGate, (a, c) => a / (1 + Math.Exp(-c)));
        Check(x, b, (a, _, y) => VectorMath.Elu(a, y), (a, _) => a > 0 ? a : Math.Exp(a) - 1);
        Check(x, b, (a, _, y) => VectorMath.Silu(a, y), (a, _) => a / (1 + Math.Exp(-a)));
        Check(x, b, (a, _, y) => VectorMath.Softplus(a, y), (a, _) => a > 700 ? a : Math.Log(1 + Math.Exp(a)));
        Check(x, b, (a, _, y) => VectorMath.LeakyRelu(a, 0.2f, y), (a, _) => a > 0 ? a : 0.2f * a);
    }

    [Fact]
    public void EveryKernelComputesOnSpansWhatItDoesOnTensors()
    {
        SiteKernel[] kernels =
        [
            SiteKernels.Relu, SiteKernels.Tanh, SiteKernels.Sigmoid, SiteKernels.Elu, SiteKernels.Silu, SiteKernels.Softplus, SiteKernels.Exp, SiteKernels.Log,
            SiteKernels.Abs, SiteKernels.Negate, SiteKernels.Softmax, SiteKernels.LogSoftmax, SiteKernels.Gated, SiteKernels.Glu, SiteKernels.ConcatElu,
            SiteKernels.Scale(-0.3, 2), SiteKernels.LeakyRelu(0.3), SiteKernels.Power(-1), SiteKernels.Power(2), SiteKernels.Add, SiteKernels.Subtract,
            SiteKernels.Multiply, SiteKernels.Divide,
        ];
        foreach (var kernel in kernels)
        {
            // Above 0, for log and powers; large, for what overflows.
            using var a = Draws.Root(2, CPU).At(kernel.Name).Uniform(0.1, kernel.Kind == SiteKernelKind.Mixing ? 200 : 3, 5, 38);
            using var shifted = kernel == SiteKernels.Log || kernel.Name == "^" || kernel == SiteKernels.Divide ? a.alias() : a - 1.5;
            Kernel(kernel, shifted);
            if (kernel == SiteKernels.Add || kernel == SiteKernels.Subtract || kernel == SiteKernels.Multiply || kernel == SiteKernels.Divide)
            {
                using var one = a.narrow(1, 3, 1);
                Kernel(kernel, shifted, a, one);
                Kernel(kernel, one, shifted);
                Kernel(kernel, one, one);
            }
        }
    }

    [Fact]
    public void EveryWidthOfRegistersComputesTheSameFunctions()
    {
        var x = new float[67];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = (i - 33) / 3f;
        }

        var b = (float[])x.Clone();
        Array.Reverse(b);
        Check(x, b, VectorMath.Run<Lanes512, GateLanes>, (a, c) => Math.Tanh(a) / (1 + Math.Exp(-c)));
        Check(x, b, VectorMath.Run<Lanes256, GateLanes>, (a, c) => Math.Tanh(a) / (1 + Math.Exp(-c)));
        Check(x, b, VectorMath.Run<Lanes128, GateLanes>, (a, c) => Math.Tanh(a) / (1 + Math.Exp(-c)));
        Check(x, b, VectorMath.Run<LanesScalar, GateLanes>, (a, c) => Math.Tanh(a) / (1 + Math.Exp(-c)));
    }

    [Theory]
    [InlineData(512)]
    [InlineData(256)]
    [InlineData(128)]
    [InlineData(32)]
    public void ProductsOfAllSizes(int bits)
    {
        MatrixKernel kernel = bits switch { 512 => new MatrixKernel<Lanes512>(), 256 => new MatrixKernel<Lanes256>(), 128 => new MatrixKernel<Lanes128>(), _ => new MatrixKernel<LanesScalar>() };
        foreach (var rows in (int[])[1, 2, 4, 7])
        {
            foreach (var inputs in (int[])[0, 1, 3, 8, 69])
            {
                foreach (var outputs in (int[])[1, 3, 8, 15, 16, 33, 64, 100, 131])
                {
                    Product(kernel, rows, inputs, outputs);
                }
            }
        }
    }

    private static void Product(MatrixKernel kernel, int rows, int inputs, int outputs)
    {
        var weights = new float[Math.Max(inputs, 1) * outputs];
        for (var i = 0; i < inputs * outputs; i++)
        {
            weights[i] = MathF.Sin((i / outputs * 31) + (i % outputs));
        }

        var bias = new float[outputs];
        for (var output = 0; output < outputs; output++)
        {
            bias[output] = output / 10f;
        }

        var x = new float[rows * (inputs + 2)];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = MathF.Cos(i);
        }

        // Rows lie apart: what is between them must stay.
        var y = new float[rows * (outputs + 5)];
        Array.Fill(y, 7);
        fixed (float* from = x, to = y, w = weights, b = bias)
        {
            var start = (nint)w;
            using var packed = new PackedMatrix(kernel, inputs, outputs, input => (float*)start + ((long)input * outputs), b);
            packed.Multiply(from, inputs + 2, rows, to, outputs + 5);
        }

        for (var row = 0; row < rows; row++)
        {
            for (var output = 0; output < outputs + 5; output++)
            {
                double expected = output < outputs ? output / 10f : 7;
                for (var i = 0; i < inputs && output < outputs; i++)
                {
                    expected += (double)x[(row * (inputs + 2)) + i] * MathF.Sin((i * 31) + output);
                }

                Assert.InRange(y[(row * (outputs + 5)) + output], expected - 2e-5, expected + 2e-5);
            }
        }
    }

    private static void Kernel(SiteKernel kernel, params Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        var width = (int)kernel.Features(Array.ConvertAll(inputs, input => input.size(1)));
        using var expected = kernel.Apply(inputs);
        Assert.Equal([inputs[0].size(0), width], expected.shape);
        var result = new float[width];
        var numbers = Array.ConvertAll(inputs, input => input.contiguous().data<float>().ToArray());
        var starts = stackalloc float*[inputs.Length];
        var lengths = stackalloc int[inputs.Length];
        for (var row = 0; row < expected.size(0); row++)
        {
            for (var i = 0; i < inputs.Length; i++)
            {
                lengths[i] = (int)inputs[i].size(1);
                starts[i] = (float*)System.Runtime.InteropServices.NativeMemory.Alloc((nuint)lengths[i] * sizeof(float));
                numbers[i].AsSpan(row * lengths[i], lengths[i]).CopyTo(new Span<float>(starts[i], lengths[i]));
            }

            kernel.Apply(new SiteSpans(starts, lengths, inputs.Length), result);
            for (var i = 0; i < inputs.Length; i++)
            {
                System.Runtime.InteropServices.NativeMemory.Free(starts[i]);
            }

            var wanted = expected[row].data<float>().ToArray();
            for (var i = 0; i < width; i++)
            {
                var slack = 2e-6 * Math.Max(1, Math.Abs(wanted[i]));
                Assert.InRange(result[i], wanted[i] - slack, wanted[i] + slack);
            }
        }
    }

    private static void Check(float[] x, float[] b, FoldKernel.Pair function, Func<double, double, double> expected)
    {
        var y = new float[x.Length];
        function(x, b, y);
        for (var i = 0; i < x.Length; i++)
        {
            var wanted = expected(x[i], b[i]);
            Assert.InRange(y[i], wanted - (1e-6 * Math.Max(1, Math.Abs(wanted))), wanted + (1e-6 * Math.Max(1, Math.Abs(wanted))));
        }
    }
}
