using System;

namespace GenDsl.Dsl.Text;

/// <summary>A half-open range of characters of one source text.</summary>
/// <param name="Start">Offset of the first character, from 0.</param>
/// <param name="Length">Number of characters; may be 0 for something that is missing.</param>
public readonly record struct TextSpan(int Start, int Length)
{
    /// <summary>Offset just behind the last character.</summary>
    public int End => Start + Length;

    /// <summary>The smallest span that holds both.</summary>
    public TextSpan To(TextSpan other)
    {
        int start = Math.Min(Start, other.Start);
        return new(start, Math.Max(End, other.End) - start);
    }

    /// <summary>The span from one offset to another.</summary>
    public static TextSpan FromBounds(int start, int end) => new(start, end - start);
}
