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
}
