using System;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>The distributions whose formulas are more than arithmetic: log-probabilities for training, and draws from noise.</summary>
public static partial class Distributions
{
    /// <summary>
    /// <c>-log softmax(logits)[x]</c> for every number of <paramref name="x"/>, in nats; 0 or more, exact to rounding for logits of any size.
    /// </summary>
    /// <param name="logits">
    /// Unnormalised log-probabilities. Shape <c>[N, n]</c> for one class per sample, <c>[N, n, t]</c> for a sequence, <c>[N, n * c, ...]</c> for
    /// <c>c</c> channels: logit <c>j</c> of channel <c>ch</c> is feature <c>j * c + ch</c>.
    /// </param>
    /// <param name="x">Classes 0 .. n - 1, of any element type. Shape <c>[N]</c>, <c>[N, t]</c> or <c>[N, c, ...]</c>.</param>
    /// <param name="classes">The number n of classes.</param>
    /// <returns>A new tensor of the shape of <paramref name="x"/>.</returns>
    /// <exception cref="GenDslException">The shapes do not go together.</exception>
    public static Tensor CrossEntropy(Tensor logits, Tensor x, long classes)
    {
        RequireLogits(logits, x, classes);
        using var indices = x.to(ScalarType.Int64);
        if (logits.dim() == 2)
        {
            using var flat = indices.reshape(x.size(0));
            using var one = nn.functional.cross_entropy(logits, flat, reduction: nn.Reduction.None);
            return one.reshape(x.shape);
        }

        // One site axis is what the kernels know without a copy.
        using var rows = logits.reshape(x.size(0), classes, -1);
        using var targets = indices.reshape(x.size(0), -1);
        using var all = nn.functional.cross_entropy(rows, targets, reduction: nn.Reduction.None);
        return all.reshape(x.shape);
    }

    /// <summary>-sum p * log softmax(logits) along an axis, in nats: the cross entropy with probabilities in place of a class.</summary>
    /// <param name="logits">Unnormalised log-probabilities of n values along the axis.</param>
    /// <param name="probabilities">The same shape, in [0, 1].</param>
    /// <param name="axis">The axis of the values.</param>
    /// <param name="keepdim">Whether the axis stays, with size 1.</param>
    public static Tensor SoftCrossEntropy(Tensor logits, Tensor probabilities, int axis, bool keepdim = false)
    {
        ArgumentNullException.ThrowIfNull(logits);
        using var logs = logits.log_softmax(axis);
        using var weighted = logs.mul(probabilities);
        using var sum = weighted.sum([axis], keepdim);
        return sum.neg();
    }

    /// <summary>1 where the largest of a number's logits is that of its class, 0 elsewhere.</summary>
    /// <param name="logits">As of <see cref="CrossEntropy"/>.</param>
    /// <param name="x">Classes 0 .. n - 1, of any element type. Shape <c>[N]</c>, <c>[N, t]</c> or <c>[N, c, ...]</c>.</param>
    /// <param name="classes">The number n of classes.</param>
    /// <returns>A new tensor of the shape of <paramref name="x"/> and the element type of <paramref name="logits"/>, without a gradient.</returns>
    /// <exception cref="GenDslException">The shapes do not go together.</exception>
    public static Tensor Correct(Tensor logits, Tensor x, long classes)
    {
        RequireLogits(logits, x, classes);
        using var frozen = logits.detach();
        using var rows = frozen.reshape(x.size(0), classes, -1);
        using var likeliest = rows.argmax(1);
        using var indices = x.to(ScalarType.Int64);
        using var targets = indices.reshape(x.size(0), -1);
        using var same = likeliest.eq(targets);
        using var numbers = same.to(logits.dtype);
        return numbers.reshape(x.shape);
    }

    private static void RequireLogits(Tensor logits, Tensor x, long classes)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(x);
        var channels = logits.dim() == x.dim() + 1 ? 1 : x.size(1);
        if (logits.dim() < 2 || logits.dim() < x.dim() || logits.size(0) != x.size(0) || logits.size(1) != classes * channels || logits.numel() != classes * x.numel())
        {
            throw new GenDslException($"A categorical distribution over {classes} classes has {classes} logits per number, but the logits are {ShapeText.Of(logits)} for {ShapeText.Of(x)}.");
        }
    }

    /// <summary>Bits per number: log-probabilities of whole samples in nats, divided by <c>-ln 2</c> and by the numbers of a sample.</summary>
    /// <param name="logProb">Shape <c>[N]</c>, in nats.</param>
    /// <param name="data">What the log-probability is of, each <c>[N, ...]</c>.</param>
    /// <returns>A new tensor <c>[N]</c>.</returns>
    public static Tensor BitsPerDim(Tensor logProb, params Tensor[] data)
    {
        ArgumentNullException.ThrowIfNull(logProb);
        ArgumentNullException.ThrowIfNull(data);
        var numbers = data.Sum(x => x.numel()) / Math.Max(1, logProb.size(0));
        using var scale = (-1 / (Math.Log(2) * Math.Max(1, numbers))).ToScalar();
        return logProb.mul(scale);
    }
}
