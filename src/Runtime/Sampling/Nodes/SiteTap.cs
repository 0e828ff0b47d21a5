namespace GenDsl.Runtime;

/// <summary>One tap of a kernel: the site it reads, relative to the reader's own, and its place in the kernel.</summary>
/// <param name="Row">Rows of the input.</param>
/// <param name="Column">Columns of the input.</param>
/// <param name="KernelRow">Row of the kernel.</param>
/// <param name="KernelColumn">Column of the kernel.</param>
internal readonly record struct SiteTap(int Row, int Column, int KernelRow, int KernelColumn);
