using System;
using System.Runtime.InteropServices;

namespace GenDsl.Runtime;

/// <summary>
/// Weights in the order in which a <see cref="MatrixKernel"/> reads them: panels of outputs, in each the inputs one after the other; for very
/// few outputs, one row of inputs per output.
/// </summary>
internal sealed unsafe class PackedMatrix : IDisposable
{
    private readonly MatrixKernel _kernel;

    /// <param name="kernel">The kernel that reads it.</param>
    /// <param name="inputs">Number of inputs.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="weight">The weight of an input and an output.</param>
    /// <param name="bias">The bias of an output.</param>
    public PackedMatrix(MatrixKernel kernel, int inputs, int outputs, Func<int, int, float> weight, Func<int, float> bias)
    {
        _kernel = kernel;
        Inputs = inputs;
        Outputs = outputs;
        var lanes = kernel.Lanes;
        IsNarrow = outputs * 2 <= lanes;
        var padded = (outputs + lanes - 1) / lanes * lanes;
        Floats = (long)inputs * (IsNarrow ? outputs : padded);
        Weights = (float*)NativeMemory.AlignedAlloc((nuint)Math.Max(Floats, 1) * sizeof(float), 64);
        Bias = (float*)NativeMemory.AlignedAlloc((nuint)Math.Max(padded, 1) * sizeof(float), 64);
        for (var output = 0; output < padded; output++)
        {
            Bias[output] = output < outputs ? bias(output) : 0;
        }

        var target = Weights;
        if (IsNarrow)
        {
            for (var output = 0; output < outputs; output++)
            {
                for (var input = 0; input < inputs; input++)
                {
                    *target++ = weight(input, output);
                }
            }

            return;
        }

        var first = 0;
        while (first < padded)
        {
            var width = first + (MatrixKernel.Panel * lanes) <= outputs ? MatrixKernel.Panel * lanes : lanes;
            for (var input = 0; input < inputs; input++)
            {
                for (var output = first; output < first + width; output++)
                {
                    *target++ = output < outputs ? weight(input, output) : 0;
                }
            }

            first += width;
        }
    }

    public int Inputs { get; }

    public int Outputs { get; }

    public bool IsNarrow { get; }

    /// <summary>Number of weights stored.</summary>
    public long Floats { get; }

    public float* Weights { get; private set; }

    public float* Bias { get; private set; }

    public void Multiply(float* x, int xStride, int rows, float* y, int yStride) => _kernel.Multiply(x, xStride, rows, this, y, yStride);

    public void Dispose()
    {
        NativeMemory.AlignedFree(Weights);
        NativeMemory.AlignedFree(Bias);
        Weights = null;
        Bias = null;
    }
}
