using System;
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Checks at the border between tensors and declared spaces.</summary>
public static class Spaces
{
    private const double Slack = 1e-5;

    /// <summary>Checks that a tensor holds samples of a space.</summary>
    /// <param name="tensor">Shape <c>[n, ...space]</c>; f32 or f64 for real-valued spaces, int64 for indices.</param>
    /// <param name="space">The space.</param>
    /// <returns>The same tensor.</returns>
    /// <remarks>The range is looked at on the CPU only, where it needs no synchronisation; rounding of 1e-5 is allowed.</remarks>
    /// <exception cref="GenDslException">Shape, element type or range are not the space's.</exception>
    public static Tensor Check(Tensor tensor, SpaceInfo space)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(space);
        CheckShape(tensor, space);
        CheckType(tensor, space);
        if (tensor.device_type == DeviceType.CPU && tensor.numel() > 0)
        {
            CheckRange(tensor, space);
        }

        return tensor;
    }

    private static void CheckShape(Tensor tensor, SpaceInfo space)
    {
        var shape = tensor.shape;
        if (shape.Length == 0 || !space.Admits(shape.AsSpan(1)))
        {
            var wanted = space.Shape.Length == 0 ? "[n]" : "[n, " + space.ShapeText[1..];
            throw new GenDslException($"Space {space.Name} takes tensors of shape {wanted}, but this one is {ShapeText.Of(tensor)}.");
        }
    }

    private static void CheckType(Tensor tensor, SpaceInfo space)
    {
        var fits = space.IsIndex
            ? tensor.dtype == ScalarType.Int64
            : tensor.dtype is ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16 or ScalarType.Float16;
        if (!fits)
        {
            throw new GenDslException(
                $"Space {space.Name} takes {(space.IsIndex ? "int64 indices" : "real numbers")}, but this tensor is {tensor.dtype}. Convert it with to(...).");
        }
    }

    private static void CheckRange(Tensor tensor, SpaceInfo space)
    {
        var (low, high) = space.IsIndex ? (0, space.FreeCount is null ? space.Count - 1 : double.PositiveInfinity) : (space.Low, space.High);
        if (double.IsInfinity(low) && double.IsInfinity(high))
        {
            return;
        }

        using var frozen = no_grad();
        using var smallest = tensor.min();
        using var largest = tensor.max();
        var (min, max) = (smallest.ToDouble(), largest.ToDouble());
        if (!(min >= low - Slack * Math.Max(1, Math.Abs(low)) && max <= high + Slack * Math.Max(1, Math.Abs(high))))
        {
            throw new GenDslException(string.Create(
                CultureInfo.InvariantCulture,
                $"Space {space.Name} holds numbers in [{low}, {high}], but this tensor has {min} .. {max}. Scale or clamp it first."));
        }
    }
}
