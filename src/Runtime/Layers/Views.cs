using System;
using TorchSharp;
using static TorchSharp.torch;
using Functional = TorchSharp.torch.nn.functional;

namespace GenDsl.Runtime;

/// <summary>Images seen otherwise: batches [N, c, h, w] of which every sample is cut, turned or moved by numbers of its own.</summary>
public static class Views
{
    /// <summary>More sites around.</summary>
    /// <param name="x">[N, c, t] or [N, c, h, w].</param>
    /// <param name="by">Sites more at each end of each site axis.</param>
    /// <param name="mode">What stands there.</param>
    public static Tensor Pad(Tensor x, long by, PaddingModes mode)
    {
        ArgumentNullException.ThrowIfNull(x);
        long[] sides = x.dim() == 3 ? [by, by] : [by, by, by, by];
        return mode == PaddingModes.Zeros ? Functional.pad(x, sides, PaddingModes.Constant, 0) : Functional.pad(x, sides, mode, 0);
    }

    /// <summary>A part of every image.</summary>
    /// <param name="x">[N, c, h, w].</param>
    /// <param name="height">Rows that are left, at most h.</param>
    /// <param name="width">Columns that are left, at most w.</param>
    /// <param name="top">[N] in [0, 1]: 0 for the uppermost of the h - height + 1 places, 1 for the lowest; uniform numbers make all equally likely.</param>
    /// <param name="left">[N] in [0, 1], from left to right.</param>
    /// <returns>[N, c, height, width].</returns>
    public static Tensor Crop(Tensor x, long height, long width, Tensor top, Tensor left)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(top);
        ArgumentNullException.ThrowIfNull(left);
        long n = x.size(0), channels = x.size(1);
        using var rows = Places(top, x.size(2), height);
        using var rowsEverywhere = rows.reshape(n, 1, height, 1);
        using var rowIndex = rowsEverywhere.expand(n, channels, height, x.size(3));
        using var strip = x.gather(2, rowIndex);
        using var columns = Places(left, x.size(3), width);
        using var columnsEverywhere = columns.reshape(n, 1, 1, width);
        using var columnIndex = columnsEverywhere.expand(n, channels, height, width);
        return strip.gather(3, columnIndex);
    }

    /// <summary>Every image turned, moved and stretched, bilinearly.</summary>
    /// <param name="x">[N, c, h, w].</param>
    /// <param name="matrix">[N, 6]: a site at (x, y), from -1 to 1 across the image, shows what is at (m0 x + m1 y + m2, m3 x + m4 y + m5).</param>
    /// <param name="beyond">What is seen beyond the edge.</param>
    public static Tensor AffineSample(Tensor x, Tensor matrix, PaddingModes beyond)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(matrix);
        using var theta = matrix.reshape(-1, 2, 3);
        using var grid = Functional.affine_grid(theta, x.shape, align_corners: false);
        return Functional.grid_sample(x, grid, GridSampleMode.Bilinear, Edge(beyond), align_corners: false);
    }

    /// <summary>Every image moved by a field, bilinearly.</summary>
    /// <param name="x">[N, c, h, w].</param>
    /// <param name="flow">[N, 2, h, w]: the site in row r and column k shows what is in row r + flow[1] and column k + flow[0].</param>
    /// <param name="beyond">What is seen beyond the edge.</param>
    public static Tensor Warp(Tensor x, Tensor flow, PaddingModes beyond)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(flow);
        long height = x.size(2), width = x.size(3);
        using var across = Looked(flow, 0, width, 1, 1, width);
        using var down = Looked(flow, 1, height, 1, height, 1);
        using var grid = stack([across, down], -1);
        return Functional.grid_sample(x, grid, GridSampleMode.Bilinear, Edge(beyond), align_corners: false);
    }

    /// <summary>Every image turned to the left by quarters, without interpolation.</summary>
    /// <param name="x">[N, c, s, s].</param>
    /// <param name="k">[N], int64 in 0 .. 3.</param>
    public static Tensor QuarterTurns(Tensor x, Tensor k)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(k);
        using var once = x.rot90(1, (2, 3));
        using var twice = x.rot90(2, (2, 3));
        using var thrice = x.rot90(3, (2, 3));
        using var all = stack([x, once, twice, thrice], 0);
        using var which = k.reshape(1, -1, 1, 1, 1);
        using var everywhere = which.expand(1, x.size(0), x.size(1), x.size(2), x.size(3));
        using var chosen = all.gather(0, everywhere);
        return chosen.squeeze(0);
    }

    /// <summary>Every image as a mean over its neighbours, which go on mirrored beyond the edge.</summary>
    /// <param name="x">[N, c, h, w].</param>
    /// <param name="kernel">Sites of the window along each axis, odd.</param>
    /// <param name="sigma">[N], the deviation of the Gaussian weights in sites, above 0.</param>
    public static Tensor GaussianBlur(Tensor x, long kernel, Tensor sigma)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(sigma);
        using var scope = NewDisposeScope();
        long half = kernel / 2;
        Tensor at = arange(-half, half + 1, x.dtype, x.device).reshape(1, -1) / sigma.reshape(-1, 1);
        Tensor weights = (at.square() * -0.5).softmax(1);
        Tensor wide = Functional.pad(x, [half, half, half, half], PaddingModes.Reflect, 0);
        return Along(Along(wide, 2, x.size(2), weights), 3, x.size(3), weights).MoveToOuterDisposeScope();
    }

    /// <summary>Every patch of a grid as a row: all upper left ones, then those to their right.</summary>
    /// <param name="x">[N, c, h, w].</param>
    /// <param name="height">Rows of a patch.</param>
    /// <param name="width">Columns of a patch.</param>
    /// <param name="down">Step from patch to patch downwards.</param>
    /// <param name="across">The same from left to right.</param>
    /// <returns>[m * n * N, c, height, width] for m patches below one another and n side by side.</returns>
    public static Tensor Patches(Tensor x, long height, long width, long down, long across)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var rows = x.unfold(2, height, down);
        using var grid = rows.unfold(3, width, across);
        using var inOrder = grid.permute(2, 3, 0, 1, 4, 5);
        return inOrder.reshape(-1, x.size(1), height, width);
    }

    private static GridSamplePaddingMode Edge(PaddingModes beyond) => beyond switch
    {
        PaddingModes.Reflect => GridSamplePaddingMode.Reflection,
        PaddingModes.Replicate => GridSamplePaddingMode.Border,
        _ => GridSamplePaddingMode.Zeros,
    };

    // Where each site looks along an axis, from -1 to 1 between its ends, which are half a site beyond the outer centres.
    private static Tensor Looked(Tensor flow, long channel, long size, params long[] shape)
    {
        using var moved = flow.select(1, channel);
        using var sites = arange(size, flow.dtype, flow.device);
        using var own = sites.reshape(shape);
        using var place = moved.add(own, Held.Scalar(1));
        using var scaled = place.mul(Held.Scalar(2.0 / size));
        return scaled.add(Held.Scalar((1.0 / size) - 1));
    }

    // A weighted sum of the image moved by each tap: one pass per tap, with weights of each sample.
    private static Tensor Along(Tensor x, long axis, long size, Tensor weights)
    {
        Tensor? sum = null;
        for (long tap = 0; tap < weights.size(1); tap++)
        {
            Tensor part = x.narrow(axis, tap, size) * weights.select(1, tap).reshape(-1, 1, 1, 1);
            sum = sum is null ? part : sum + part;
        }

        return sum!;
    }

    // [N, size]: the places that are kept.
    private static Tensor Places(Tensor share, long all, long size)
    {
        using var frozen = no_grad();
        using Scalar places = all - size + 1;
        using Scalar last = all - size;
        using Scalar none = 0;
        using var scaled = share.mul(places);
        using var kept = scaled.clamp_(none, last);
        using var first = kept.to(ScalarType.Int64);
        using var column = first.unsqueeze(1);
        using var offsets = arange(size, ScalarType.Int64, share.device);
        return column.add(offsets, Held.Whole(1));
    }
}
