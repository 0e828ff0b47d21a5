using System;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// The invertible functions of normalizing flows. Axis 0 is the batch (N) everywhere; a log-determinant is
/// <c>log |det dy/dx|</c> of every sample by itself, in nats, of shape <c>[N]</c>. All are differentiable, in f32 and f64.
/// </summary>
public static partial class Bijections
{
    // Sums over everything but the batch; a new handle in any case.
    private static Tensor SumPerSample(Tensor x) => x.dim() == 1 ? x.alias() : x.sum(Layers.Others(x, 0));

    // One number for all samples, as [N]: a copy each, for generated code adds to it in place.
    private static Tensor ForEverySample(Tensor total, long rows) => total.repeat(rows);

    // Per channel, over samples and sites: the mean, [1, c, 1, ...], and the biased variance, [c].
    private static (Tensor Mean, Tensor Variance) Moments(Tensor x)
    {
        var axes = Layers.Others(x, 1);
        var mean = x.mean(axes, keepdim: true);
        using var centred = x.sub(mean);
        using var squares = centred.square();
        return (mean, squares.mean(axes));
    }

    // [c] as [c, 1, ...], to meet axis 1 of a tensor of so many axes.
    private static Tensor PerChannel(Tensor values, long rank) =>
        values.reshape([values.numel(), .. Enumerable.Repeat(1L, (int)Math.Max(0, rank - 2))]);

    // The number of places at which a sample has all its channels.
    private static long Sites(Tensor x) => x.shape[2..].Aggregate(1L, (product, size) => product * size);
}
