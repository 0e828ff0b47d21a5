using System.Collections.Immutable;
using System.Globalization;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Catalog;

/// <summary>What makes the weight of a layer of other tensors: stands around a layer, or around a net and so around its layers.</summary>
/// <param name="Word">As in the text.</param>
internal sealed record Wrapping(string Word)
{
    public const string WeightNorm = "weight_norm";
    public const string SpectralNorm = "spectral_norm";
    public const string EqualLr = "equal_lr";

    /// <summary>The words.</summary>
    public static ImmutableArray<string> Words { get; } = [WeightNorm, SpectralNorm, EqualLr];

    /// <summary>Whether a first batch sets gain and bias.</summary>
    public bool FromData { get; init; }

    /// <summary>The factor of an equalised learning rate; null elsewhere.</summary>
    public HostValue? Gain { get; init; }

    /// <summary>How it tells the class of a net from that of the net as it is declared.</summary>
    public string Suffix => MemberName.Pascal(Word) + (Gain?.Constant is { } gain and not WrappingEntries.DefaultGain ? gain.ToString("R", CultureInfo.InvariantCulture).Replace("-", "Minus").Replace('.', '_').Replace("+", "") : "");

    /// <summary>As it is written around something.</summary>
    public string Text => Word + (Gain?.Constant is { } gain and not WrappingEntries.DefaultGain ? $" with gain {gain.ToString("R", CultureInfo.InvariantCulture)}" : "");
}
