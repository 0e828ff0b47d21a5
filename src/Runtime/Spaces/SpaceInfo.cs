using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace GenDsl.Runtime;

/// <summary>What is known of a declared space: the meaning, shape and range of one sample.</summary>
/// <param name="Name">The space's name in its <c>.gen</c> file.</param>
/// <param name="Element">What one element is.</param>
/// <param name="Count">The number of levels, classes or codes; 0 for the others, -1 where only the data knows it.</param>
/// <param name="Shape">The shape of one sample, without the batch axis; empty for a scalar. -1 stands for a size that only the data knows.</param>
/// <param name="Low">The smallest value, negative infinity where unbounded.</param>
/// <param name="High">The largest value, infinity where unbounded.</param>
public sealed record SpaceInfo(string Name, ElementKind Element, int Count, long[] Shape, double Low, double High)
{
    /// <summary>The names of the sizes that only the data knows, in the order of their axes.</summary>
    public IReadOnlyList<string> FreeSizes { get; init; } = [];

    /// <summary>The name of the number of classes or codes, where only the data knows it; null where it is known.</summary>
    public string? FreeCount { get; init; }

    /// <summary>All that only the data knows: the sizes of axes, and the number of classes or codes.</summary>
    public IEnumerable<string> FreeNames => FreeCount is { } count ? FreeSizes.Append(count) : FreeSizes;

    /// <summary>Whether samples are integers (int64) rather than real numbers.</summary>
    public bool IsIndex => Element is ElementKind.Class or ElementKind.Code or ElementKind.MuLaw;

    /// <summary>Whether a sample is one class, code or mu-law level.</summary>
    public bool IsOneClass => IsIndex && Shape.Length == 0;

    /// <summary>The number of elements of one sample; -1 where a size is free.</summary>
    public long Size => Shape.Contains(-1) ? -1 : Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>The space with a number of classes or codes that was not known.</summary>
    /// <param name="count">How many there are.</param>
    public SpaceInfo Of(int count) => this with { Count = count, High = count - 1, FreeCount = null };

    /// <summary>The shape as it is written: <c>[3, H, W]</c>.</summary>
    public string ShapeText
    {
        get
        {
            var free = 0;
            return "[" + string.Join(", ", Shape.Select(size => size >= 0 ? size.ToString(CultureInfo.InvariantCulture) : free < FreeSizes.Count ? FreeSizes[free++] : "*")) + "]";
        }
    }

    /// <summary>Whether a sample may have this shape: a free size takes any of 1 or more, the same one under the same name.</summary>
    internal bool Admits(ReadOnlySpan<long> shape)
    {
        if (shape.Length != Shape.Length)
        {
            return false;
        }

        var free = 0;
        Dictionary<string, long> sizes = [];
        for (var i = 0; i < Shape.Length; i++)
        {
            if (Shape[i] >= 0)
            {
                if (Shape[i] != shape[i])
                {
                    return false;
                }

                continue;
            }

            var name = free < FreeSizes.Count ? FreeSizes[free++] : "";
            if (shape[i] < 1 || (name.Length > 0 && !sizes.TryAdd(name, shape[i]) && sizes[name] != shape[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Equals(SpaceInfo? other) =>
        other is not null && Name == other.Name && Element == other.Element && Count == other.Count
        && Shape.AsSpan().SequenceEqual(other.Shape) && FreeSizes.SequenceEqual(other.FreeSizes) && FreeCount == other.FreeCount && Low.Equals(other.Low) && High.Equals(other.High);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Element, Count, Shape.Length, Low, High);

    /// <summary>For example <c>Image: real[1, 28, 28] in [-1, 1]</c>.</summary>
    public override string ToString()
    {
        var element = Element.ToString().ToLowerInvariant();
        var count = FreeCount is { } free ? $"({free})" : Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"({Count})") : "";
        var shape = Shape.Length > 0 ? ShapeText : "";
        var range = double.IsInfinity(Low) && double.IsInfinity(High)
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $" in [{Low}, {High}]");
        return $"{Name}: {element}{count}{shape}{range}";
    }
}
