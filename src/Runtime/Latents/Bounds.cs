using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Bounds and estimates of log-probabilities from several weighted draws of latents (Burda, Grosse and Salakhutdinov 2016, arXiv:1509.00519).</summary>
public static class Bounds
{
    /// <summary>Rows that an estimate computes at once: many draws of few samples, few of many.</summary>
    private const long RowsAtOnce = 4_096;

    /// <summary><c>log(1/k sum_i exp(w_i))</c> of each sample, stable for weights of any size, with its gradient; disposes the weights.</summary>
    /// <param name="logWeights">In nats, <c>[k * N]</c>: the first draws of all samples, then the second ones.</param>
    /// <param name="k">Draws for each sample.</param>
    /// <returns>A new tensor <c>[N]</c>.</returns>
    public static Tensor Mean(Tensor logWeights, long k)
    {
        ArgumentNullException.ThrowIfNull(logWeights);
        using (logWeights)
        {
            using var draws = logWeights.view(k, -1);
            using var sum = draws.logsumexp(0);
            using Scalar shift = -Math.Log(k);
            return sum.add(shift, Held.Scalar(1));
        }
    }

    /// <summary>
    /// The same from more draws than fit into memory at once, without gradient: parts of the draws one after the other, each with an
    /// address of its own.
    /// </summary>
    /// <param name="k">Draws for each sample.</param>
    /// <param name="samples">The number N of samples.</param>
    /// <param name="draws">The address of all draws.</param>
    /// <param name="logWeights">The log-weights of so many draws at an address, <c>[count * N]</c>.</param>
    /// <returns>A new tensor <c>[N]</c>.</returns>
    public static Tensor Estimate(long k, long samples, Draws draws, Func<long, Draws, Tensor> logWeights)
    {
        ArgumentNullException.ThrowIfNull(logWeights);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        using var frozen = no_grad();
        var atOnce = Math.Clamp(RowsAtOnce / Math.Max(1, samples), 1, k);
        Tensor? total = null;
        for (long done = 0, part = 0; done < k; done += atOnce, part++)
        {
            var count = Math.Min(atOnce, k - done);
            using var weights = logWeights(count, draws.At(part));
            using var each = weights.view(count, -1);
            var sum = each.logsumexp(0);
            total = total is null ? sum : Added(total, sum);
        }

        using Scalar shift = -Math.Log(k);
        return total!.add_(shift, Held.Scalar(1));
    }

    private static Tensor Added(Tensor total, Tensor term)
    {
        using (total)
        using (term)
        {
            return total.logaddexp(term);
        }
    }

    /// <summary>
    /// What the divergence of a latent costs where some of it is free: the mean over the batch of each number's divergence, but at least
    /// <paramref name="least"/>, added up (Kingma et al. 2016, arXiv:1606.04934, appendix C.8).
    /// </summary>
    /// <param name="divergence">In nats, <c>[N, ...]</c>, or <c>[N]</c> for the latent as a whole.</param>
    /// <param name="least">Nats of each number that cost nothing; 0 or more.</param>
    /// <returns>A new tensor, one number.</returns>
    public static Tensor FreeBits(Tensor divergence, double least)
    {
        ArgumentNullException.ThrowIfNull(divergence);
        if (!(least >= 0))
        {
            throw new GenDslException(FormattableString.Invariant($"'free_bits' is {least}: it is a number of nats, 0 or more."));
        }

        using var mean = divergence.mean([0]);
        using Scalar bound = least;
        using var paid = mean.clamp_min(bound);
        return paid.sum();
    }
}
