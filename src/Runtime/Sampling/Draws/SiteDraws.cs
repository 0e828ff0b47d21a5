using System;

namespace GenDsl.Runtime;

/// <summary>The distributions that a <see cref="SamplerPlan"/> draws from.</summary>
public static class SiteDraws
{
    /// <summary>1 where uniform noise is below sigmoid(logit), else 0. Parameter: logits [c].</summary>
    public static SiteDraw Bernoulli { get; } = new BernoulliSiteDraw();

    /// <summary>mean + std · noise. Parameters: means [c], standard deviations [c].</summary>
    public static SiteDraw Normal { get; } = new NormalSiteDraw();

    /// <summary>The smallest class k with cdf(k) above uniform noise. Parameter: logits [classes · c].</summary>
    public static SiteDraw Categorical(long classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        return new CategoricalSiteDraw((int)classes);
    }

    /// <summary>All channels of a pixel from a mixture of discretised logistics (Salimans et al. 2017), as levels.</summary>
    /// <param name="components">Number of components.</param>
    /// <param name="levels">Number of levels, 2 or more.</param>
    /// <param name="channels">Number of channels, which share the component.</param>
    public static SiteDraw DiscretizedLogisticMixture(long components, long levels, long channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        return new MixtureSiteDraw((int)components, (int)levels, (int)channels);
    }
}
