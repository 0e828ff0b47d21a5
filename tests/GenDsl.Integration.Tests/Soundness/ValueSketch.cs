using System;
using System.Linq;

namespace GenDsl.Integration.Tests.Soundness;

/// <summary>What a generated body knows of a value: enough to make the next line likely, not certain, to be legal.</summary>
/// <param name="Text">Its name, or an expression in brackets.</param>
/// <param name="Dims">Its per-sample sizes, as text.</param>
/// <param name="Span">What its range allows.</param>
/// <param name="HasRows">Whether it has a batch.</param>
internal sealed record ValueSketch(string Text, string[] Dims, Span Span = Span.All, bool HasRows = true)
{
    public int Rank => Dims.Length;

    public string Shape => $"[{string.Join(", ", Dims)}]";

    public bool IsLike(ValueSketch other) => Dims.SequenceEqual(other.Dims, StringComparer.Ordinal);

    public ValueSketch As(Span span) => this with { Span = span };
}

/// <summary>Ranges as far as a generator cares.</summary>
internal enum Span
{
    All,
    Bounded,
    Positive,
    Unit,
    Bits,
}
