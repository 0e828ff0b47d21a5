using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

public static partial class Distributions
{
    // So far above every level that e^-(scale * Edge) is 0 for every scale that occurs, and still finite in f32.
    private const double Edge = 1e30;

    internal const double LeastLogScale = -7;

    /// <summary>The numbers per component that the mixture reads for a pixel of so many channels: 1 weight, and per channel a mean, a log-scale and a coefficient for every earlier channel.</summary>
    public static long MixtureParameters(long channels) => 1 + 2 * channels + channels * (channels - 1) / 2;

    /// <summary>
    /// The log-probability of pixels under a mixture of discretised logistics (Salimans et al. 2017, PixelCNN++), in nats per pixel: the
    /// components share one indicator per pixel; within one, the mean of a channel moves with the true values of the earlier channels.
    /// A level has the probability of its bin, <c>sigmoid((x + h - mean) / s) - sigmoid((x - h - mean) / s)</c>, the outer bins reach to infinity.
    /// </summary>
    /// <param name="x">Levels 0 .. n - 1. Shape <c>[N, c, ...]</c>, or <c>[N, t]</c> and <c>[N]</c> for one channel without an axis.</param>
    /// <param name="parameters">
    /// Shape <c>[N, p * m, ...]</c> for m components, p = <see cref="MixtureParameters"/>: parameter j of component i is feature <c>j * m + i</c>.
    /// j = 0 is the logit of the weight; then for each channel its mean, its log-scale (below -7 taken as -7), and for each earlier channel a
    /// coefficient, whose tanh multiplies that channel's value. Values are rescaled to [-1, 1], as means are.
    /// </param>
    /// <param name="levels">The number n of levels, 2 or more.</param>
    /// <returns>A new tensor <c>[N, ...]</c>, without the channel axis.</returns>
    /// <remarks>
    /// With a, b the ends of the bin in units of the scale: log(sigmoid(a) - sigmoid(b)) = log sigmoid(a) + log sigmoid(-b) + log(1 - e^(b - a)),
    /// which loses nothing anywhere, so that the probabilities of all levels add up to 1.
    /// </remarks>
    /// <exception cref="GenDslException">The shapes do not go together.</exception>
    public static Tensor DiscretizedLogisticMixtureLogProb(Tensor x, Tensor parameters, long levels)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(parameters);
        var hasChannels = x.dim() == parameters.dim();
        var channels = hasChannels ? x.size(1) : 1;
        var components = parameters.size(1) / MixtureParameters(channels);
        long[] sites = hasChannels ? x.shape[2..] : x.shape[1..];
        if (components < 1 || components * MixtureParameters(channels) != parameters.size(1) || x.size(0) != parameters.size(0)
            || parameters.dim() - 2 != sites.Length || !parameters.shape.AsSpan(2).SequenceEqual(sites))
        {
            throw new GenDslException(
                $"A mixture of discretised logistics over {channels} channels has a multiple of {MixtureParameters(channels)} parameters per pixel, but they are {ShapeText.Of(parameters)} for {ShapeText.Of(x)}.");
        }

        var rows = x.size(0);
        using var all = parameters.reshape(rows, parameters.size(1), -1);
        using var flat = x.reshape(rows, channels, -1);
        using var exact = flat.to(parameters.dtype);
        using var values = Rescaled(exact, levels);
        using var total = ComponentLogProbs(all, exact, values, components, levels);
        using var weights = all.narrow(1, 0, components);
        using var logWeights = weights.log_softmax(1);
        total.add_(logWeights, Held.Scalar(1));
        using var mixed = total.logsumexp(1);
        return mixed.reshape([rows, .. sites]);
    }

    // The sum over the channels of log P(level | component), [N, m, sites].
    private static Tensor ComponentLogProbs(Tensor parameters, Tensor x, Tensor values, long components, long levels)
    {
        Tensor? total = null;
        long block = 1;
        for (long channel = 0; channel < x.size(1); channel++)
        {
            using var mean = Mean(parameters, values, channel, block, components);
            using var logScales = parameters.narrow(1, (block + 1) * components, components);
            using var own = x.narrow(1, channel, 1);
            using var value = values.narrow(1, channel, 1);
            var logProb = BinLogProb(own, value, mean, logScales, levels);
            block += 2 + channel;
            if (total is null)
            {
                total = logProb;
                continue;
            }

            total.add_(logProb, Held.Scalar(1));
            logProb.Dispose();
        }

        return total!;
    }

    private static Tensor Mean(Tensor parameters, Tensor values, long channel, long block, long components)
    {
        var mean = parameters.narrow(1, block * components, components);
        for (long earlier = 0; earlier < channel; earlier++)
        {
            using var raw = parameters.narrow(1, (block + 2 + earlier) * components, components);
            using var coefficient = raw.tanh();
            using var value = values.narrow(1, earlier, 1);
            var moved = mean.addcmul(coefficient, value, Held.Scalar(1));
            mean.Dispose();
            mean = moved;
        }

        return mean;
    }

    // An outer bin ends so far out that its terms and their gradients are exactly 0: no mask touches the large tensors.
    private static Tensor BinLogProb(Tensor x, Tensor value, Tensor mean, Tensor logScales, long levels)
    {
        var half = Held.Scalar(1.0 / (levels - 1));
        using var isLast = x.ge(Held.Scalar(levels - 1.0));
        using var isFirst = x.le(Held.Scalar(0));
        using var above = value.add(half, Held.Scalar(1));
        above.masked_fill_(isLast, Held.Scalar(Edge));
        using var below = value.sub(half);
        below.masked_fill_(isFirst, Held.Scalar(-Edge));
        using var width = below.sub(above);
        using var clamped = logScales.clamp_min(Held.Scalar(LeastLogScale));
        using var negative = clamped.neg();
        using var inverse = negative.exp();
        using var toUpper = above.sub(mean);
        using var upper = toUpper.mul(inverse);
        using var toLower = mean.sub(below);
        using var lower = toLower.mul(inverse);
        using var scaledWidth = inverse.mul(width);
        using var lost = scaledWidth.expm1();
        using var kept = lost.neg();
        var logProb = kept.log();
        using var logUpper = nn.functional.logsigmoid(upper);
        using var logLower = nn.functional.logsigmoid(lower);
        return logProb.add_(logUpper, Held.Scalar(1)).add_(logLower, Held.Scalar(1));
    }

    // Level k as 2 k / (n - 1) - 1.
    private static Tensor Rescaled(Tensor x, long levels) => x.mul(Held.Scalar(2.0 / (levels - 1))).sub_(Held.Scalar(1));
}
