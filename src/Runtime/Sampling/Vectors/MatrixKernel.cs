using System;
using System.Runtime.Intrinsics;

namespace GenDsl.Runtime;

/// <summary>Products of rows with a packed matrix, for one width of registers.</summary>
internal abstract unsafe class MatrixKernel
{
    /// <summary>Registers of outputs that are accumulated side by side.</summary>
    public const int Panel = 4;

    /// <summary>The kernel for this machine.</summary>
    public static MatrixKernel Best { get; } =
        Vector512.IsHardwareAccelerated ? new MatrixKernel<Lanes512>()
        : Vector256.IsHardwareAccelerated ? new MatrixKernel<Lanes256>()
        : Vector128.IsHardwareAccelerated ? new MatrixKernel<Lanes128>()
        : new MatrixKernel<LanesScalar>();

    /// <summary>Floats in a register.</summary>
    public abstract int Lanes { get; }

    /// <summary>y = x w + b for rows of x and y that lie so many floats apart.</summary>
    public abstract void Multiply(float* x, int xStride, int rows, PackedMatrix matrix, float* y, int yStride);
}
