using System;

namespace GenDsl.Runtime;

/// <summary>
/// Weights in the order in which a <see cref="MatrixKernel"/> reads them: panels of outputs, in each the inputs one after the other; for very
/// few outputs, one row of inputs per output.
/// </summary>
internal sealed unsafe class PackedMatrix : IDisposable
{
    private readonly MatrixKernel _kernel;
    private float* _weights;
    private float* _bias;

    /// <summary>The weights that one input has, for all outputs next to each other.</summary>
    public delegate float* Row(int input);

    /// <param name="kernel">The kernel that reads it.</param>
    /// <param name="inputs">Number of inputs.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="row">The weights of an input.</param>
    /// <param name="bias">The biases of the outputs; null for zeros.</param>
    public PackedMatrix(MatrixKernel kernel, int inputs, int outputs, Row row, float* bias)
    {
        _kernel = kernel;
        Inputs = inputs;
        Outputs = outputs;
        var lanes = kernel.Lanes;
        IsNarrow = outputs * 2 <= lanes;
        var padded = (outputs + lanes - 1) / lanes * lanes;
        Floats = (long)inputs * (IsNarrow ? outputs : padded);

        // Zeros: what lies beyond the outputs is added up too.
        _weights = FloatMemory.Allocate(Floats);
        _bias = FloatMemory.Allocate(padded);
        if (bias is not null)
        {
            new ReadOnlySpan<float>(bias, outputs).CopyTo(new Span<float>(Bias, outputs));
        }

        if (IsNarrow)
        {
            for (var input = 0; input < inputs; input++)
            {
                var source = row(input);
                for (var output = 0; output < outputs; output++)
                {
                    Weights[((long)output * inputs) + input] = source[output];
                }
            }

            return;
        }

        var target = Weights;
        var first = 0;
        while (first < padded)
        {
            var width = first + (MatrixKernel.Panel * lanes) <= outputs ? MatrixKernel.Panel * lanes : lanes;
            var valid = Math.Min(width, outputs - first);
            for (var input = 0; input < inputs; input++, target += width)
            {
                new ReadOnlySpan<float>(row(input) + first, valid).CopyTo(new Span<float>(target, valid));
            }

            first += width;
        }
    }

    public int Inputs { get; }

    public int Outputs { get; }

    public bool IsNarrow { get; }

    /// <summary>Number of weights stored.</summary>
    public long Floats { get; }

    public float* Weights => _weights;

    public float* Bias => _bias;

    public void Multiply(float* x, int xStride, int rows, float* y, int yStride) => _kernel.Multiply(x, xStride, rows, this, y, yStride);

    public void Dispose()
    {
        FloatMemory.Free(ref _weights);
        FloatMemory.Free(ref _bias);
    }
}
