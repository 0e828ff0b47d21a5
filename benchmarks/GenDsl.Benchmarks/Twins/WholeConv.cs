using GenDsl.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenDsl.Benchmarks.Twins;

/// <summary>
/// TorchSharp's convolution and its transpose over images with kernels of 4, stride 2 and padding 1, around the fault of libtorch
/// (<see cref="Layers"/>): with it, the programs would not compute the same.
/// </summary>
internal sealed class WholeConv : nn.Module<Tensor, Tensor>
{
    private static readonly long[] Two = [2, 2];
    private static readonly long[] One = [1, 1];

    private readonly Parameter weight;
    private readonly Parameter? bias;
    private readonly bool _isTransposed;

    public WholeConv(long before, long behind, bool isTransposed, bool hasBias = true)
        : base("conv")
    {
        _isTransposed = isTransposed;
        weight = new Parameter(zeros(isTransposed ? before : behind, isTransposed ? behind : before, 4, 4));
        bias = hasBias ? new Parameter(zeros(behind)) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => _isTransposed
        ? Layers.ConvTranspose2d(x, weight, bias, Two, One, One)
        : Layers.Conv2d(x, weight, bias, Two, One, One);
}
