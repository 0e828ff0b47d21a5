using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// Vector quantisation with a codebook that follows the vectors which choose its codes (van den Oord, Vinyals and Kavukcuoglu 2017,
/// arXiv:1711.00937, appendix A.1). A book is two running sums: how often each code is chosen, <c>count</c> of shape <c>[K]</c>, and of
/// what vectors, <c>total</c> of shape <c>[K, d]</c>.
/// </summary>
public static class Codebooks
{
    /// <summary>The vectors of the codes: what was added up over how often, where counts are smoothed to <c>(n + eps) / (sum n + K eps) * sum n</c>.</summary>
    /// <param name="count">Shape <c>[K]</c>.</param>
    /// <param name="total">Shape <c>[K, d]</c>.</param>
    /// <param name="eps">Above 0, so that a code that nothing chooses has a vector too.</param>
    /// <returns>A new tensor <c>[K, d]</c>, without gradient.</returns>
    public static Tensor Vectors(Tensor count, Tensor total, double eps)
    {
        ArgumentNullException.ThrowIfNull(count);
        ArgumentNullException.ThrowIfNull(total);
        using var frozen = no_grad();
        using var all = count.sum();
        using var smoothed = count.add(Held.Scalar(eps));
        using var mass = all.add(Held.Scalar(eps * count.size(0)));
        using var share = all.div(mass);
        using var counts = smoothed.mul(share);
        using var column = counts.unsqueeze(1);
        return total.div(column);
    }

    /// <summary>The vector of each code, along the first axis of a sample, as <see cref="Layers.Embed"/> lays them out.</summary>
    /// <param name="x">Codes (int64) in [0, K).</param>
    /// <param name="count">Shape <c>[K]</c>.</param>
    /// <param name="total">Shape <c>[K, d]</c>.</param>
    /// <param name="eps">As in <see cref="Vectors"/>.</param>
    /// <param name="axis">The first axis of a sample.</param>
    public static Tensor Lookup(Tensor x, Tensor count, Tensor total, double eps, int axis)
    {
        using var book = Vectors(count, total, eps);
        return Layers.Embed(x, book, axis);
    }

    /// <summary>
    /// The nearest code of each vector, and the vectors of these codes. In <see cref="Mode.Learn"/> the running sums then move by the batch,
    /// and a code that is chosen less than its share starts again at a random vector of the batch; before the first step all codes do.
    /// </summary>
    /// <param name="x">Shape <c>[N, d, sites...]</c>, with at most two axes of sites.</param>
    /// <param name="count">Shape <c>[K]</c>; changed in place.</param>
    /// <param name="total">Shape <c>[K, d]</c>; changed in place.</param>
    /// <param name="eps">As in <see cref="Vectors"/>.</param>
    /// <param name="decay">What stays of the running sums in a step, in [0, 1).</param>
    /// <param name="restart">The share of the mean count below which a code starts again; 0 for never.</param>
    /// <param name="mode">How the net is called.</param>
    /// <param name="draws">Where starts are drawn.</param>
    /// <returns>The codes (int64): <c>[N]</c>, <c>[N, t]</c> or <c>[N, 1, h, w]</c>; and their vectors in the shape of <paramref name="x"/>. Without gradient.</returns>
    public static Tensor[] Nearest(Tensor x, Tensor count, Tensor total, double eps, double decay, double restart, Mode mode, Draws draws)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(count);
        ArgumentNullException.ThrowIfNull(total);
        if (!(decay >= 0 && decay < 1) || !(restart >= 0 && restart < 1) || !(eps > 0))
        {
            throw new GenDslException(FormattableString.Invariant($"A codebook needs decay and restart in [0, 1) and eps above 0, but they are {decay}, {restart} and {eps}."));
        }

        using var frozen = no_grad();
        using var last = x.movedim([1], [-1]);
        using var flat = last.reshape(-1, total.size(1));
        if (mode.IsInitial && InitialPass.IsFirst(total))
        {
            using var first = Picked(flat, count.size(0), draws);
            total.copy_(first);
            count.fill_(Held.Scalar(1));
        }

        using var book = Vectors(count, total, eps);
        using var codes = BatchRows.Nearest(flat, book);
        using var chosen = book.index_select(0, codes);
        using var shaped = chosen.reshape(last.shape);
        var vectors = shaped.movedim([-1], [1]);
        if (mode.IsLearning)
        {
            Follow(flat, codes, count, total, decay);
            if (restart > 0)
            {
                Restart(flat, count, total, restart, draws);
            }
        }

        return [x.dim() == 4 ? codes.reshape(x.size(0), 1, x.size(2), x.size(3)) : x.dim() == 3 ? codes.reshape(x.size(0), x.size(2)) : codes.alias(), vectors];
    }

    private static void Follow(Tensor flat, Tensor codes, Tensor count, Tensor total, double decay)
    {
        using var counted = codes.bincount(null, minlength: count.size(0));
        using var counts = counted.to(count.dtype);
        count.mul_(Held.Scalar(decay)).add_(counts, alpha: Held.Scalar(1 - decay));
        using var sums = zeros_like(total);
        sums.index_add_(0, codes, flat, Held.Scalar(1));
        total.mul_(Held.Scalar(decay)).add_(sums, alpha: Held.Scalar(1 - decay));
    }

    // A code that starts again has the mean count, which lasts for a number of steps to prove itself in.
    private static void Restart(Tensor flat, Tensor count, Tensor total, double restart, Draws draws)
    {
        using var mean = count.mean();
        using var least = mean.mul(Held.Scalar(restart));
        using var isDead = count.lt(least);
        using var picked = Picked(flat, count.size(0), draws);
        using var fresh = picked.mul(mean);
        using var column = isDead.unsqueeze(1);
        using var totals = where(column, fresh, total);
        using var counts = where(isDead, mean, count);
        total.copy_(totals);
        count.copy_(counts);
    }

    private static Tensor Picked(Tensor flat, long number, Draws draws)
    {
        using var rows = draws.Integers(0, flat.size(0), number);
        return flat.index_select(0, rows);
    }
}
