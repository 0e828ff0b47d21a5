using System;
using System.Collections.Generic;
using System.Linq;
using GenDsl.Dsl.Shapes;

namespace GenDsl.Dsl.Ir.Horizons;

/// <summary>A rational number whose parts may hold sizes: rates below one and offsets in units of a coarser grid.</summary>
public sealed class Ratio : IEquatable<Ratio>
{
    private Ratio(Dim numerator, Dim denominator) => (Numerator, Denominator) = (numerator, denominator);

    /// <summary>0.</summary>
    public static Ratio Zero { get; } = new(Dim.Zero, Dim.One);

    /// <summary>1.</summary>
    public static Ratio One { get; } = new(Dim.One, Dim.One);

    /// <summary>Above the line.</summary>
    public Dim Numerator { get; }

    /// <summary>Below the line: at least 1 for all sizes.</summary>
    public Dim Denominator { get; }

    /// <summary>A whole number.</summary>
    public static Ratio Of(Dim size) => new(size, Dim.One);

    /// <summary>a / b for a b of at least 1, reduced where that is possible for all sizes.</summary>
    public static Ratio Of(Dim a, Dim b)
    {
        if (b.Value == 1)
        {
            return new(a, b);
        }

        if (a.TryDivide(b) is { } whole)
        {
            return new(whole, Dim.One);
        }

        long common = a.Terms.Values.Concat(b.Terms.Values).Aggregate(0L, Common);
        return common > 1 ? new(a.TryDivide(common)!, b.TryDivide(common)!) : new(a, b);
    }

    /// <summary>a + b.</summary>
    public static Ratio operator +(Ratio a, Ratio b) => a.Denominator.Equals(b.Denominator)
        ? Of(a.Numerator + b.Numerator, a.Denominator)
        : Of((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    /// <summary>a * b.</summary>
    public static Ratio operator *(Ratio a, Ratio b) => Of(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    /// <summary>a / b for a size b of at least 1.</summary>
    public static Ratio operator /(Ratio a, Dim b) => Of(a.Numerator, a.Denominator * b);

    /// <summary>The number where it is whole for all sizes, otherwise null.</summary>
    public Dim? Whole => Denominator.Value == 1 ? Numerator : null;

    /// <summary>The number where no size occurs and it is whole, otherwise null.</summary>
    public long? Value => Whole?.Value;

    /// <summary>True where proved to be below 0 for all sizes.</summary>
    public bool IsNegative => (-Numerator).LowerBound >= 1;

    /// <summary>True where proved not to be above 0.</summary>
    public bool IsNotPositive => (-Numerator).LowerBound >= 0;

    /// <summary>True where proved not to be above another.</summary>
    public bool IsAtMost(Ratio other) => Difference(other).LowerBound >= 0;

    /// <summary>True where proved to be below another.</summary>
    public bool IsBelow(Ratio other) => Difference(other).LowerBound >= 1;

    /// <summary>The largest whole number that is not above; null where it depends on sizes in a way that has no normal form.</summary>
    public Dim? Floor => Whole ?? (Numerator.Value is not null && Denominator.Value is not null ? Dim.FloorDivide(Numerator, Denominator) : null);

    /// <summary>The sizes replaced.</summary>
    public Ratio Map(Func<Dim, Dim> sizes) => Of(sizes(Numerator), sizes(Denominator));

    /// <summary>The variables inside.</summary>
    public IEnumerable<DimVariable> Variables => Numerator.Variables.Concat(Denominator.Variables);

    /// <inheritdoc/>
    public bool Equals(Ratio? other) => other is not null
        && (Denominator.Equals(other.Denominator) ? Numerator.Equals(other.Numerator) : (Numerator * other.Denominator).Equals(other.Numerator * Denominator));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Ratio);

    /// <inheritdoc/>
    public override int GetHashCode() => Denominator.Value == 1 ? Numerator.GetHashCode() : 1;

    /// <inheritdoc/>
    public override string ToString() => Denominator.Value == 1 ? Numerator.ToString() : $"{Operand(Numerator)}/{Operand(Denominator)}";

    // Sign of other - this: the denominators are positive.
    private Dim Difference(Ratio other) => Denominator.Equals(other.Denominator)
        ? other.Numerator - Numerator
        : (other.Numerator * Denominator) - (Numerator * other.Denominator);

    private static long Common(long a, long b)
    {
        (a, b) = (Math.Abs(a), Math.Abs(b));
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }

    private static string Operand(Dim size) => size.ToString() is { } text && text.Contains(" ") ? $"({text})" : size.ToString();
}
