using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Functions of the features of a site.</content>
public static partial class Layers
{
    /// <summary>tanh(a) * sigmoid(b) of the two halves of an axis (van den Oord et al. 2016).</summary>
    /// <param name="x">Any shape, the axis even.</param>
    /// <param name="axis">The axis of the features.</param>
    public static Tensor Gated(Tensor x, int axis)
    {
        var half = x.size(axis) / 2;
        using var a = x.narrow(axis, 0, half);
        using var b = x.narrow(axis, half, half);
        using var value = a.tanh();
        using var gate = b.sigmoid();
        return value.mul(gate);
    }

    /// <summary>elu of x, and behind it elu of -x (Salimans et al. 2017).</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axis">The axis of the features, which doubles.</param>
    public static Tensor ConcatElu(Tensor x, int axis)
    {
        using var negative = x.neg();
        var one = Held.Scalar(1);
        return cat([x, negative], axis).elu_(one, one, one);
    }

    /// <summary>The bin of each number: [low, high] in equal parts, the first one 0; what lies outside by rounding is in the nearest one.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="low">Where the first bin begins.</param>
    /// <param name="high">Where the last one ends.</param>
    /// <param name="bins">How many.</param>
    /// <returns>int64 in 0 .. bins - 1, the shape of x.</returns>
    public static Tensor Quantize(Tensor x, double low, double high, long bins)
    {
        using var frozen = no_grad();
        using TorchSharp.Scalar first = low, scale = bins / (high - low), none = 0, last = bins - 1;
        using var moved = x.sub(first);
        moved.mul_(scale);
        moved.floor_();
        moved.clamp_(none, last);
        return moved.to(ScalarType.Int64);
    }
}
