using System;
using System.Numerics;

namespace GenDsl.Runtime;

/// <summary>An exact fraction in lowest terms with a positive denominator: rates and leads of strided and transposed convolutions.</summary>
internal readonly struct Rational : IComparable<Rational>, IEquatable<Rational>
{
    private readonly long _lessOne;

    public Rational(long numerator, long denominator = 1)
    {
        var common = (long)BigInteger.GreatestCommonDivisor(numerator, denominator);
        var sign = denominator < 0 ? -1 : 1;
        Numerator = sign * numerator / common;
        _lessOne = (sign * denominator / common) - 1;
    }

    public static Rational One { get; } = new(1);

    public long Numerator { get; }

    // Stored less one, so that the default value is zero.
    public long Denominator => _lessOne + 1;

    public static implicit operator Rational(long value) => new(value);

    public static Rational operator +(Rational a, Rational b) => new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Rational operator *(Rational a, Rational b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static Rational operator /(Rational a, Rational b) => new(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    public static bool operator ==(Rational a, Rational b) => a.Equals(b);

    public static bool operator !=(Rational a, Rational b) => !a.Equals(b);

    public int CompareTo(Rational other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    public bool Equals(Rational other) => Numerator == other.Numerator && Denominator == other.Denominator;

    public override bool Equals(object? obj) => obj is Rational other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Numerator, Denominator);

    public override string ToString() => FormattableString.Invariant(Denominator == 1 ? $"{Numerator}" : (FormattableString)$"{Numerator}/{Denominator}");
}
