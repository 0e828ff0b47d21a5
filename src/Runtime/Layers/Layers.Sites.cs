using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Other numbers of sites, and statistics of a sample.</content>
public static partial class Layers
{
    /// <summary>More sites along every site axis.</summary>
    /// <param name="x">[n, c, t] or [n, c, h, w]; without rows, an axis fewer.</param>
    /// <param name="scales">Sites of the result for a site, one per site axis.</param>
    /// <param name="bilinear">Whether between the centres of sites lines are drawn; otherwise each site stands there again and again.</param>
    public static Tensor Upsample(Tensor x, long[] scales, bool bilinear)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(scales);
        var first = (int)x.dim() - scales.Length;
        var sizes = new long[scales.Length];
        for (var i = 0; i < sizes.Length; i++)
        {
            sizes[i] = scales[i] * x.size(first + i);
        }

        var mode = !bilinear ? InterpolationMode.Nearest : scales.Length == 1 ? InterpolationMode.Linear : InterpolationMode.Bilinear;
        bool? corners = bilinear ? false : null;
        if (first == 2)
        {
            return nn.functional.interpolate(x, size: sizes, mode: mode, align_corners: corners);
        }

        using var alone = x.unsqueeze(0);
        using var more = nn.functional.interpolate(alone, size: sizes, mode: mode, align_corners: corners);
        return more.squeeze(0);
    }

    /// <summary>The features of each site with mean 0 and variance 1 (Ba et al. 2016).</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axis">The axis of the features.</param>
    /// <param name="eps">Added to the variance.</param>
    public static Tensor FeatureNorm(Tensor x, int axis, double eps)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var last = x.transpose(axis, -1);
        using var normal = nn.functional.layer_norm(last, [x.size(axis)], eps: eps);
        return normal.transpose(axis, -1);
    }

    /// <summary>The numbers of each group of channels with mean 0 and variance 1, then a gain and a bias for each channel (Wu and He 2018).</summary>
    /// <param name="x">[n, c, ...]; without rows, [c, ...].</param>
    /// <param name="groups">Number of groups of consecutive channels, which divides c.</param>
    /// <param name="weight">Shape <c>[c]</c>.</param>
    /// <param name="bias">The same shape.</param>
    /// <param name="axis">The axis of the channels.</param>
    /// <param name="eps">Added to the variance.</param>
    public static Tensor GroupNorm(Tensor x, long groups, Tensor weight, Tensor bias, int axis, double eps)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var rows = x.view(axis == 1 ? x.shape : [1, .. x.shape]);
        using var normal = nn.functional.group_norm(rows, groups, weight, bias, eps);
        return normal.view(x.shape);
    }

    /// <summary>A gain and a bias for each channel, of all samples or of each: <c>weight * x + bias</c>.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="weight">Shape <c>[c]</c>, or <c>[n, c]</c>.</param>
    /// <param name="bias">The same shape.</param>
    /// <param name="axis">The axis of the channels in <paramref name="x"/>.</param>
    public static Tensor ChannelAffine(Tensor x, Tensor weight, Tensor bias, int axis)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(bias);
        var shape = new long[weight.dim() + x.dim() - axis - 1];
        Array.Fill(shape, 1);
        weight.shape.CopyTo(shape, 0);
        using var gain = weight.reshape(shape);
        using var shift = bias.reshape(shape);
        return addcmul(shift, x, gain, Held.Scalar(1));
    }
}
