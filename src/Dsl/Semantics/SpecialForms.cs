using System.Collections.Immutable;
using GenDsl.Dsl.Catalog;

namespace GenDsl.Dsl.Semantics;

/// <summary>Words that are applied like functions but take spaces, nets or models.</summary>
internal static class SpecialForms
{
    public const string Draw = "draw";
    public const string Ema = "ema";
    public const string Elbo = "elbo";
    public const string Iwae = "iwae";
    public const string Dreg = "dreg";
    public const string Importance = "importance";
    public const string Loss = "loss";
    public const string LogProb = "log_prob";
    public const string BitsPerDim = "bits_per_dim";

    public const string Inverse = "inverse";
    public const string Encode = "encode";
    public const string Nearest = "nearest";
    public const string Grad = "grad";
    public const string Permutation = "permutation";
    public const string Distance2 = "distance2";
    public const string OffDiagonalGram = "off_diagonal_gram";
    public const string History = "history";
    public const string RunningMean = "running_mean";
    public const string Still = "still";
    public const string Eval = "eval";
    public const string Beta = "beta";

    public static ImmutableArray<string> Names { get; } = [Draw, Ema, RunningMean, History, Permutation, Beta, Still, Eval, Distance2, OffDiagonalGram, Grad, Elbo, Iwae, Dreg, Importance, Loss, LogProb, BitsPerDim, .. Wrapping.Words, Inverse, Encode, Nearest];
}
