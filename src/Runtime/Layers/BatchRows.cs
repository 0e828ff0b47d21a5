using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Rows of a batch, taken apart and put together.</summary>
public static class BatchRows
{
    /// <summary>The first rows, the next ones, and so on: views.</summary>
    /// <param name="x">[N, ...].</param>
    /// <param name="counts">How many rows each part has; N together.</param>
    public static Tensor[] Split(Tensor x, params long[] counts)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.split(counts, 0);
    }

    /// <summary>For each row the number of the nearest one among others, by the Euclidean distance; of several the first.</summary>
    /// <param name="x">[N, ...].</param>
    /// <param name="among">[M, ...].</param>
    /// <returns>[N], int64 in 0 .. M - 1.</returns>
    public static Tensor Nearest(Tensor x, Tensor among)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(among);
        using var frozen = no_grad();
        using var points = x.reshape(x.size(0), -1);
        using var others = among.reshape(among.size(0), -1);
        using var squares = others.square();
        using var lengths = squares.sum([1]);
        using var turned = others.t();

        // |x - y|^2 is least where |y|^2 - 2 x y is: the length of x itself is the same for all that it is compared with.
        using var relative = addmm(lengths, points, turned, 1, -2);
        return relative.argmin(1);
    }

    /// <summary>The mean over the copies of each row.</summary>
    /// <param name="x">[copies * N, ...], one copy of all rows behind the other.</param>
    /// <param name="copies">How many.</param>
    /// <returns>[N, ...].</returns>
    public static Tensor MeanOfCopies(Tensor x, long copies)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var apart = x.unflatten(0, copies, -1);
        return apart.mean([0]);
    }

    /// <summary>For each row the number of the copy that it is in.</summary>
    /// <param name="x">[copies * N, ...], one copy of all rows behind the other; only its size matters.</param>
    /// <param name="copies">How many.</param>
    /// <returns>[copies * N], int64 in 0 .. copies - 1.</returns>
    public static Tensor CopyIndex(Tensor x, long copies)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var numbers = arange(copies, ScalarType.Int64, x.device);
        return numbers.repeat_interleave(x.size(0) / copies);
    }

    /// <summary>Every site as a row: all first sites, then all second ones.</summary>
    /// <param name="x">[N, c, t] or [N, c, h, w].</param>
    /// <returns>[t * N, c] or [h * w * N, c].</returns>
    public static Tensor Sites(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var sites = x.dim() == 3 ? x.permute(2, 0, 1) : x.permute(2, 3, 0, 1);
        return sites.reshape(-1, x.size(1));
    }

    /// <summary>Rows as sites again.</summary>
    /// <param name="x">[t * N, c] or [h * w * N, c], all first sites in front.</param>
    /// <param name="sizes">t, or h and w.</param>
    /// <returns>[N, c, t] or [N, c, h, w].</returns>
    public static Tensor FromSites(Tensor x, params long[] sizes)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(sizes);
        using var apart = x.reshape([.. sizes, -1, x.size(1)]);
        using var samples = sizes.Length == 1 ? apart.permute(1, 2, 0) : apart.permute(2, 3, 0, 1);
        return samples.contiguous();
    }

    /// <summary>What each row has with itself makes way for a number, which carries no gradient.</summary>
    /// <param name="x">[N, N, ...].</param>
    /// <param name="value">What stands there then.</param>
    public static Tensor MaskSelf(Tensor x, double value)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var own = eye(x.size(0), dtype: ScalarType.Bool, device: x.device);
        using Scalar number = value;
        if (x.dim() == 2)
        {
            return x.masked_fill(own, number);
        }

        var shape = new long[x.dim()];
        Array.Fill(shape, 1);
        (shape[0], shape[1]) = (x.size(0), x.size(1));
        using var spread = own.reshape(shape);
        return x.masked_fill(spread, number);
    }

    /// <summary>A queue after new rows came in at its end, without gradient: as many of the oldest are gone.</summary>
    /// <param name="queue">[K, ...], the oldest first.</param>
    /// <param name="x">[N, ...]; of more than K the last K.</param>
    /// <returns>[K, ...], a new tensor.</returns>
    public static Tensor Enqueue(Tensor queue, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(x);
        using var frozen = no_grad();
        long size = queue.size(0);
        long kept = Math.Max(0, size - x.size(0));
        using var old = queue.narrow(0, size - kept, kept);
        using var added = x.narrow(0, x.size(0) - (size - kept), size - kept);
        return cat([old, added], 0);
    }
}
