using System;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A mixture of k logistics at the numbers of a batch: components lie on axis 1 of <c>[N or 1, k, ...]</c>.</summary>
internal sealed class LogisticMixture : IDisposable
{
    private readonly Tensor _means;
    private readonly Tensor _scales;
    private readonly Tensor _logScales;

    public LogisticMixture(Tensor x, Tensor logits, Tensor means, Tensor scales)
    {
        ArgumentNullException.ThrowIfNull(x);
        Check(x, logits, nameof(logits));
        Check(x, means, nameof(means));
        Check(x, scales, nameof(scales));
        using var weights = Aligned(x, logits);
        LogWeights = weights.log_softmax(1);
        _means = Aligned(x, means);
        _scales = Aligned(x, scales);
        _logScales = _scales.log();
    }

    public Tensor LogWeights { get; }

    public bool RequiresGrad => LogWeights.requires_grad || _means.requires_grad || _scales.requires_grad;

    /// <summary>The numbers in units of every component, [N, k, ...].</summary>
    public Tensor Standard(Tensor x)
    {
        using var one = x.unsqueeze(1);
        using var centred = one.sub(_means);
        return centred.div(_scales);
    }

    /// <summary>log density, [N, ...].</summary>
    public Tensor LogDensity(Tensor standard)
    {
        using var log = nn.functional.logsigmoid(standard);
        using var twice = log.mul(Held.Scalar(2));
        using var slope = twice.sub(standard);
        using var density = slope.sub(_logScales);
        using var terms = density.add(LogWeights, Held.Scalar(1));
        return terms.logsumexp(1);
    }

    /// <summary>log F and log(1 - F), [N, ...], accurate in both tails; their difference is the log-odds.</summary>
    public (Tensor Below, Tensor Above) Tails(Tensor standard) => (LogBelow(standard), LogAbove(standard));

    /// <summary>The derivative of the log-odds by x: F' / (F (1 - F)).</summary>
    /// <param name="standard">What <see cref="Standard"/> gave.</param>
    /// <param name="below">Of <see cref="Tails"/> there.</param>
    /// <param name="above">Of <see cref="Tails"/> there.</param>
    public Tensor SlopeOfLogOdds(Tensor standard, Tensor below, Tensor above)
    {
        using var density = LogDensity(standard);
        using var part = density.sub(below);
        using var log = part.sub(above);
        return log.exp();
    }

    /// <summary>Where the log-odds are <paramref name="wanted"/>; without gradients.</summary>
    public Tensor Root(Tensor wanted)
    {
        using var search = new MixtureRootSearch(this, wanted);
        return search.Run();
    }

    /// <summary>The quantiles of every component at these log-odds, [N, k, ...].</summary>
    public Tensor Quantiles(Tensor wanted)
    {
        using var one = wanted.unsqueeze(1);
        using var reach = one.mul(_scales);
        return reach.add(_means, Held.Scalar(1));
    }

    public void Dispose()
    {
        LogWeights.Dispose();
        _means.Dispose();
        _scales.Dispose();
        _logScales.Dispose();
    }

    private Tensor LogBelow(Tensor standard)
    {
        using var log = nn.functional.logsigmoid(standard);
        using var terms = log.add(LogWeights, Held.Scalar(1));
        return terms.logsumexp(1);
    }

    private Tensor LogAbove(Tensor standard)
    {
        using var negative = standard.neg();
        return LogBelow(negative);
    }

    // Parameters of all samples get an axis for the batch; both kinds are new handles.
    private static Tensor Aligned(Tensor x, Tensor parameter) => parameter.dim() == x.dim() ? parameter.unsqueeze(0) : parameter.alias();

    private static void Check(Tensor x, Tensor parameter, string name)
    {
        ArgumentNullException.ThrowIfNull(parameter, name);
        if (x.dim() < 1 || (parameter.dim() != x.dim() && parameter.dim() != x.dim() + 1))
        {
            throw new GenDslException(
                $"The {name} of a mixture at numbers of shape {ShapeText.Of(x)} are [k, ...] or [N, k, ...], but these are {ShapeText.Of(parameter)}.");
        }
    }
}
