using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace GenDsl.Dsl.Ir.Horizons;

/// <summary>
/// How far ahead of its own place a value may look, one number per axis of the order, compared lexicographically; null
/// stands for no limit. Behind the first axis without a limit there is none either.
/// </summary>
public sealed class Lead : IEquatable<Lead>
{
    private Lead(ImmutableArray<Ratio?> components) => Components = components;

    /// <summary>By order axis; null for no limit.</summary>
    public ImmutableArray<Ratio?> Components { get; }

    /// <summary>Its own place.</summary>
    public static Lead Zero(int axes) => new([.. Enumerable.Repeat<Ratio?>(Ratio.Zero, axes)]);

    /// <summary>Everywhere.</summary>
    public static Lead Everywhere(int axes) => new([.. Enumerable.Repeat<Ratio?>(null, axes)]);

    /// <summary>A lead by its components.</summary>
    public static Lead Of(IEnumerable<Ratio?> components)
    {
        ImmutableArray<Ratio?>.Builder all = ImmutableArray.CreateBuilder<Ratio?>();
        bool isOpen = false;
        foreach (Ratio? component in components)
        {
            isOpen |= component is null;
            all.Add(isOpen ? null : component);
        }

        return new(all.ToImmutable());
    }

    /// <summary>A lead of whole numbers.</summary>
    public static Lead Of(params long?[] components) => Of(components.Select(c => c is { } value ? Ratio.Of(value) : null));

    /// <summary>The sum by axis.</summary>
    public Lead Plus(Lead other) => Of(Components.Zip(other.Components, (a, b) => a is null || b is null ? null : a + b));

    /// <summary>No limit from an axis on.</summary>
    public Lead OpenFrom(int axis) => axis >= Components.Length || Components[axis] is null ? this : new([.. Components.Select((c, i) => i < axis ? c : null)]);

    /// <summary>True where the past alone is seen, for all sizes.</summary>
    public bool IsPast => IsPastOn(Components.Length);

    /// <summary>True where the first axes alone prove that only the past is seen.</summary>
    public bool IsPastOn(int axes)
    {
        for (int i = 0; i < axes; i++)
        {
            if (Components[i] is not { } component || !component.IsNotPositive)
            {
                return false;
            }

            if (component.IsNegative)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True where this is not ahead of another, for all sizes.</summary>
    public bool IsAtMost(Lead other) => FirstAbove(other) == Components.Length;

    /// <summary>The first axis on which this is not proved to keep within another; the number of axes where it is on all.</summary>
    public int FirstAbove(Lead other)
    {
        for (int i = 0; i < Components.Length; i++)
        {
            (Ratio? own, Ratio? limit) = (Components[i], other.Components[i]);
            if (limit is null || (own is not null && own.IsBelow(limit)))
            {
                return Components.Length;
            }

            if (own is null || !own.IsAtMost(limit))
            {
                return i;
            }
        }

        return Components.Length;
    }

    /// <summary>The sizes replaced, one component at a time; null for a component that has no bound.</summary>
    public Lead Map(Func<Ratio, Ratio?> component) => Of(Components.Select(c => c is null ? null : component(c)));

    /// <inheritdoc/>
    public bool Equals(Lead? other) => other is not null && Components.SequenceEqual(other.Components);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Lead);

    /// <inheritdoc/>
    public override int GetHashCode() => Components.Aggregate(17, (hash, c) => unchecked((hash * 31) + (c?.GetHashCode() ?? 0)));

    /// <summary>As in messages: <c>(0, -1)</c>, <c>(0, +2, any)</c>.</summary>
    public override string ToString() => "(" + string.Join(", ", Components.Select(Text)) + ")";

    private static string Text(Ratio? component) =>
        component is null ? "any" : component.ToString() is { } text && component.Numerator.LowerBound >= 1 ? "+" + text : component.ToString();
}
