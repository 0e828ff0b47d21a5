namespace GenDsl.Runtime;

/// <summary>What noise a <see cref="SiteDraw"/> takes.</summary>
public enum SiteNoise
{
    /// <summary>Uniform in [0, 1).</summary>
    Uniform,

    /// <summary>Standard normal.</summary>
    Normal,
}
