using System;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Semantics;
using GenDsl.Dsl.Types;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>Which values a test feeds.</summary>
internal enum Feeding
{
    /// <summary>Anywhere in the range; normally distributed where it has no ends.</summary>
    Random,

    /// <summary>The ends of the range, or far out where it has none.</summary>
    Ends,
}

/// <summary>Tensors of a type, and the check that a tensor is of a type.</summary>
internal static class TestTensors
{
    private const double Far = 30;

    public static Tensor Of(TensorType type, long[] shape, long rows, Random random, Feeding feeding)
    {
        long[] full = type.Rows is null ? shape : [rows, .. shape];
        double[] values = [.. Enumerable.Range(0, (int)full.Aggregate(1L, (a, b) => a * b)).Select(_ => Value(type, random, feeding))];
        using Tensor flat = tensor(values);
        using Tensor shaped = flat.reshape(full);
        return shaped.to(DType(type));
    }

    /// <summary>How a runtime tensor of an element is stored.</summary>
    public static ScalarType DType(TensorType type) => type.Element is Element.Class or Element.Code or Element.MuLaw or Element.Index ? ScalarType.Int64 : ScalarType.Float32;

    /// <exception cref="UnsoundException">Shape, element type or range are not as promised.</exception>
    public static void Check(string what, Tensor tensor, TensorType type, long[] shape, long rows, Feeding feeding)
    {
        long[] full = type.Rows is null ? shape : [rows, .. shape];
        if (!tensor.shape.SequenceEqual(full))
        {
            throw new UnsoundException($"{what}: the shape is [{string.Join(", ", tensor.shape)}], not [{string.Join(", ", full)}] = {type}.");
        }

        if (tensor.dtype != DType(type))
        {
            throw new UnsoundException($"{what}: the element type is {tensor.dtype}, not {DType(type)}.");
        }

        if (tensor.numel() == 0)
        {
            return;
        }

        using var frozen = no_grad();
        using Tensor least = tensor.min();
        using Tensor greatest = tensor.max();
        (double low, double high) = (least.ToDouble(), greatest.ToDouble());
        Interval range = type.Range;
        bool overflows = feeding == Feeding.Random && (double.IsInfinity(low) || double.IsInfinity(high));
        if (overflows || !(low >= range.Low - Slack(range.Low) && high <= range.High + Slack(range.High)))
        {
            throw new UnsoundException(string.Create(CultureInfo.InvariantCulture, $"{what}: values from {low} to {high} are outside {range}."));
        }
    }

    private static double Slack(double end) => double.IsInfinity(end) ? 0 : 1e-5 * Math.Max(1, Math.Abs(end));

    private static double Value(TensorType type, Random random, Feeding feeding)
    {
        if (type.Element != Element.Real)
        {
            return random.Next((int)type.Range.High + 1);
        }

        bool low = !double.IsInfinity(type.Range.Low);
        bool high = !double.IsInfinity(type.Range.High);
        double from = low ? type.Range.Low : high ? type.Range.High - Far : -Far;
        double to = high ? type.Range.High : low ? type.Range.Low + Far : Far;
        return feeding == Feeding.Ends ? (random.Next(2) == 0 ? from : to)
            : low && high ? from + ((to - from) * random.NextDouble())
            : low ? from + 0.01 + (2 * random.NextDouble())
            : high ? to - 0.01 - (2 * random.NextDouble())
            : Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
