using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// Latents of which every value is computed: all rows with the first value, then all with the second. Of several latents all combinations
/// are, the first latent running fastest.
/// </summary>
public static class Enumeration
{
    /// <summary>The values 0 .. count - 1 as int64, <c>[total * rows]</c>.</summary>
    /// <param name="count">Values of the latent.</param>
    /// <param name="inner">Combinations of the latents that run faster.</param>
    /// <param name="total">Combinations of all latents.</param>
    /// <param name="rows">Rows of each combination.</param>
    /// <param name="home">The state of the model, which says where its tensors live.</param>
    public static Tensor Codes(long count, long inner, long total, long rows, StateTable home)
    {
        ArgumentNullException.ThrowIfNull(home);
        using var combinations = arange(total, ScalarType.Int64, home.Device);
        using Scalar width = inner, values = count;
        using var turns = combinations.div(width, RoundingMode.floor);
        using var each = turns.remainder(values);
        return each.repeat_interleave(rows);
    }

    /// <summary>The same as real numbers.</summary>
    public static Tensor Levels(long count, long inner, long total, long rows, StateTable home)
    {
        using var codes = Codes(count, inner, total, rows, home);
        return codes.to(home.Type);
    }

    /// <summary>The same as one-hot vectors, <c>[total * rows, count]</c>.</summary>
    public static Tensor Vectors(long count, long inner, long total, long rows, StateTable home)
    {
        using var codes = Codes(count, inner, total, rows, home);
        using var all = eye(count, dtype: home.Type, device: home.Device);
        return all.index_select(0, codes);
    }

    /// <summary>The mean over all combinations, by their probabilities.</summary>
    /// <param name="values">One for each combination and row, <c>[total * N, ...]</c>.</param>
    /// <param name="logProb">The log-probability of each combination, <c>[total * N]</c>.</param>
    /// <param name="total">The number of combinations.</param>
    /// <returns>A new tensor <c>[N, ...]</c>.</returns>
    public static Tensor Expected(Tensor values, Tensor logProb, long total)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(logProb);
        using var probabilities = logProb.exp();
        long[] wide = [probabilities.size(0), .. new long[values.dim() - 1]];
        wide.AsSpan(1).Fill(1);
        using var factors = probabilities.view(wide);
        using var weighted = values.mul(factors);
        using var each = weighted.view([total, -1, .. values.shape[1..]]);
        return each.sum([0]);
    }

    /// <summary>The logarithm of the sum of the weights of all combinations: <c>[N]</c>.</summary>
    /// <param name="logWeights">In nats, <c>[total * N]</c>.</param>
    /// <param name="total">The number of combinations.</param>
    public static Tensor SummedOut(Tensor logWeights, long total)
    {
        ArgumentNullException.ThrowIfNull(logWeights);
        using var each = logWeights.view(total, -1);
        return each.logsumexp(0);
    }

    /// <summary>The log-probability of each combination by its share of the weights: <c>[total * N]</c>.</summary>
    public static Tensor Posterior(Tensor logWeights, long total)
    {
        ArgumentNullException.ThrowIfNull(logWeights);
        using var each = logWeights.view(total, -1);
        using var shares = each.log_softmax(0);
        return shares.view(-1);
    }
}
