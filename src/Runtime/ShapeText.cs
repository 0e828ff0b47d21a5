using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Shapes as messages write them: <c>[3, 28, 28]</c>.</summary>
internal static class ShapeText
{
    public static string Of(Tensor tensor) => Of(tensor.shape);

    public static string Of(long[] shape) => "[" + string.Join(", ", shape) + "]";
}
