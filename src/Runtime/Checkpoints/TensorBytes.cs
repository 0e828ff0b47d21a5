using System;
using System.IO;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Moves the elements of a tensor, in row-major order, to and from streams.</summary>
internal static class TensorBytes
{
    public static void Write(Stream stream, Tensor tensor)
    {
        if (tensor.numel() == 0)
        {
            return;
        }

        using var frozen = no_grad();
        using var detached = tensor.detach();
        using var onHost = detached.to(CPU);
        using var dense = onHost.contiguous();
        stream.Write(dense.bytes);
    }

    public static void Read(Stream stream, Tensor tensor)
    {
        if (tensor.numel() == 0)
        {
            return;
        }

        using var frozen = no_grad();
        if (tensor.device_type == DeviceType.CPU && tensor.is_contiguous())
        {
            stream.ReadExactly(tensor.bytes);
            return;
        }

        using var onHost = empty(tensor.shape, tensor.dtype, CPU);
        stream.ReadExactly(onHost.bytes);
        tensor.copy_(onHost);
    }
}
