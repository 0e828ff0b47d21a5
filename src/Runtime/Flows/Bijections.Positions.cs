using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <content>Inverting position by position what is computed autoregressively.</content>
public static partial class Bijections
{
    /// <summary>The computed numbers where they are due, the estimate elsewhere.</summary>
    /// <param name="estimate">Shape <c>[N, ...]</c>.</param>
    /// <param name="computed">The same shape.</param>
    /// <param name="isHere">Booleans of the shape of a sample, as <see cref="PositionMask"/> gives them, or of the whole batch.</param>
    public static Tensor TakePosition(Tensor estimate, Tensor computed, Tensor isHere)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        ArgumentNullException.ThrowIfNull(computed);
        ArgumentNullException.ThrowIfNull(isHere);
        return where(isHere, computed, estimate);
    }

    /// <summary>The computed number at one position, the estimate elsewhere. Where no graph is recorded the estimate itself is written, and may not be used any more.</summary>
    /// <param name="estimate">Shape <c>[N, d]</c>.</param>
    /// <param name="computed">Shape <c>[N, 1]</c>.</param>
    /// <param name="position">0 .. d - 1.</param>
    public static Tensor PutPosition(Tensor estimate, Tensor computed, long position)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        ArgumentNullException.ThrowIfNull(computed);
        if (is_grad_enabled())
        {
            return estimate.slice_scatter(computed, 1, position, position + 1, 1);
        }

        using var here = estimate.narrow(1, position, 1);
        here.copy_(computed);
        return estimate.alias();
    }

    /// <summary>What the masks of all positions are read from: nothing but a mark in the middle, so that each is a window on it.</summary>
    /// <param name="like">Gives shape and device: <c>[N, c, h, w]</c>, <c>[N, c, t]</c> or <c>[N, d]</c>.</param>
    /// <returns>Booleans, twice as many as a sample has numbers, less one.</returns>
    public static Tensor Positions(Tensor like)
    {
        ArgumentNullException.ThrowIfNull(like);
        if (like.dim() < 2)
        {
            throw new GenDslException($"Positions are those of [N, d] or [N, c, sites...], but this tensor is {ShapeText.Of(like)}.");
        }

        var numbers = like.size(1) * Sites(like);
        var marks = zeros([(2 * numbers) - 1], ScalarType.Bool, like.device);
        using var middle = marks.narrow(0, numbers - 1, 1);
        middle.fill_(Held.Scalar(1));
        return marks;
    }

    /// <summary>Where the numbers of one position of the draw order stand: sites in row-major order.</summary>
    /// <param name="positions">What <see cref="Positions"/> gives for <paramref name="like"/>.</param>
    /// <param name="like">Gives the shape: <c>[N, c, h, w]</c>, <c>[N, c, t]</c> or <c>[N, d]</c>.</param>
    /// <param name="position">A site, 0 .. sites - 1; with <paramref name="channelsLast"/> <c>site * c + channel</c>. For <c>[N, d]</c> the index itself, 0 .. d - 1.</param>
    /// <param name="channelsLast">Whether the channels of a site are drawn one after the other, rather than together.</param>
    /// <returns>Booleans of the shape of a sample, a view of <paramref name="positions"/>.</returns>
    /// <exception cref="GenDslException">There is no such position.</exception>
    public static Tensor PositionMask(Tensor positions, Tensor like, long position, bool channelsLast)
    {
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentNullException.ThrowIfNull(like);
        var isFlat = like.dim() == 2;
        var (channels, sites) = (like.size(1), isFlat ? 1 : Sites(like));
        var count = isFlat ? channels : channelsLast ? sites * channels : sites;
        if (position < 0 || position >= count)
        {
            throw new GenDslException($"A tensor {ShapeText.Of(like)} has the positions 0 to {count - 1}, but position {position} was asked for.");
        }

        // The window begins as far before the mark as the number stands behind the first; channels that are drawn together see one and the same.
        if (isFlat)
        {
            return positions.narrow(0, channels - 1 - position, channels);
        }

        var (site, channel) = channelsLast ? (position / channels, position % channels) : (position, 0);
        var shape = like.shape[1..];
        var strides = new long[shape.Length];
        var stride = 1L;
        for (var axis = shape.Length - 1; axis > 0; axis--)
        {
            (strides[axis], stride) = (stride, stride * shape[axis]);
        }

        strides[0] = channelsLast ? stride : 0;
        return positions.as_strided(shape, strides, (channels * sites) - 1 - ((channel * sites) + site));
    }
}
