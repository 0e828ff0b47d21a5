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

    /// <summary>Where the numbers of one position of the draw order stand: sites in row-major order.</summary>
    /// <param name="like">Gives shape and device: <c>[N, c, h, w]</c>, <c>[N, c, t]</c> or <c>[N, d]</c>.</param>
    /// <param name="position">A site, 0 .. sites - 1; with <paramref name="channelsLast"/> <c>site * c + channel</c>. For <c>[N, d]</c> the index itself, 0 .. d - 1.</param>
    /// <param name="channelsLast">Whether the channels of a site are drawn one after the other, rather than together.</param>
    /// <returns>Booleans of the shape of a sample.</returns>
    /// <exception cref="GenDslException">There is no such position.</exception>
    public static Tensor PositionMask(Tensor like, long position, bool channelsLast)
    {
        ArgumentNullException.ThrowIfNull(like);
        if (like.dim() < 2)
        {
            throw new GenDslException($"Positions are those of [N, d] or [N, c, sites...], but this tensor is {Shape(like)}.");
        }

        var isFlat = like.dim() == 2;
        var (channels, sites) = (like.size(1), Sites(like));
        var count = isFlat ? channels : channelsLast ? sites * channels : sites;
        if (position < 0 || position >= count)
        {
            throw new GenDslException($"A tensor {Shape(like)} has the positions 0 to {count - 1}, but position {position} was asked for.");
        }

        var mask = zeros(like.shape[1..], ScalarType.Bool, like.device);
        if (isFlat)
        {
            using var number = mask.narrow(0, position, 1);
            number.fill_(Held.Scalar(1));
            return mask;
        }

        using var bySite = mask.view(channels, sites);
        var (site, channel) = channelsLast ? (position / channels, position % channels) : (position, 0);
        var together = channelsLast ? 1 : channels;
        using var rows = bySite.narrow(0, channel, together);
        using var here = rows.narrow(1, site, 1);
        here.fill_(Held.Scalar(1));
        return mask;
    }
}
