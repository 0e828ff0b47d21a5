using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime.Media;

/// <summary>The numbers of tensors of any device and layout, as files take them.</summary>
internal static class HostNumbers
{
    /// <summary>All numbers, row-major, in f32.</summary>
    public static float[] Singles(Tensor tensor)
    {
        using var dense = Dense(tensor, ScalarType.Float32);
        return dense.data<float>().ToArray();
    }

    /// <summary>All numbers, row-major, in f64.</summary>
    public static double[] Doubles(Tensor tensor)
    {
        using var dense = Dense(tensor, ScalarType.Float64);
        return dense.data<double>().ToArray();
    }

    private static Tensor Dense(Tensor tensor, ScalarType type)
    {
        using var frozen = no_grad();
        using var local = tensor.to(type, CPU);
        return local.contiguous();
    }
}
