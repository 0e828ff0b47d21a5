using System;
using System.Collections.Generic;
using System.Linq;

namespace GenDsl.Dsl.Shapes;

/// <summary>What a monomial is a product of.</summary>
public abstract record DimAtom
{
    /// <summary>The variables inside.</summary>
    public abstract IEnumerable<DimVariable> Variables { get; }
}

/// <summary>A variable.</summary>
public sealed record VariableAtom(DimVariable Variable) : DimAtom
{
    /// <inheritdoc/>
    public override IEnumerable<DimVariable> Variables => [Variable];

    /// <inheritdoc/>
    public override string ToString() => Variable.Name;
}

/// <summary>(variable - residue) / modulus, exact by a fact: <c>where h % 4 == 0</c> turns h into 4 · (h / 4).</summary>
public sealed record QuotientAtom(DimVariable Variable) : DimAtom
{
    /// <inheritdoc/>
    public override IEnumerable<DimVariable> Variables => [Variable];

    /// <inheritdoc/>
    public override string ToString() => $"({Variable.Name} / {Variable.Modulus.ToString(System.Globalization.CultureInfo.InvariantCulture)})";
}

/// <summary>floor(numerator / denominator) that could not be simplified.</summary>
public sealed record FloorAtom(Dim Numerator, Dim Denominator) : DimAtom
{
    /// <inheritdoc/>
    public override IEnumerable<DimVariable> Variables => Numerator.Variables.Concat(Denominator.Variables);

    /// <inheritdoc/>
    public override string ToString() => $"floor({Operand(Numerator)} / {Operand(Denominator)})";

    private static string Operand(Dim size) => size.ToString() is { } text && text.Contains(" ") ? $"({text})" : size.ToString();
}

/// <summary>A power with a constant base.</summary>
public sealed record PowerAtom(long Base, Dim Exponent) : DimAtom
{
    /// <inheritdoc/>
    public override IEnumerable<DimVariable> Variables => Exponent.Variables;

    /// <inheritdoc/>
    public override string ToString() => $"{Base}^({Exponent})";
}

/// <summary>The smaller or the larger of two sizes.</summary>
public sealed record ExtremeAtom(bool IsMinimum, Dim A, Dim B) : DimAtom
{
    /// <inheritdoc/>
    public override IEnumerable<DimVariable> Variables => A.Variables.Concat(B.Variables);

    /// <inheritdoc/>
    public override string ToString() => $"{(IsMinimum ? "min" : "max")}({A}, {B})";
}

/// <summary>One of two sizes, by how two others compare: <c>if n > 2 then a else b</c>.</summary>
public sealed record ChoiceAtom(string Operator, Dim Left, Dim Right, Dim Then, Dim Else) : DimAtom
{
    /// <inheritdoc/>
    public override IEnumerable<DimVariable> Variables => Left.Variables.Concat(Right.Variables).Concat(Then.Variables).Concat(Else.Variables);

    /// <inheritdoc/>
    public override string ToString() => $"(if {Left} {Operator} {Right} then {Then} else {Else})";
}

/// <summary>A product of atoms, ordered so that equal products compare equal.</summary>
public sealed class Monomial : IComparable<Monomial>, IEquatable<Monomial>
{
    private readonly string _key;

    private Monomial(IEnumerable<DimAtom> atoms)
    {
        Atoms = [.. atoms.OrderBy(a => a.ToString(), StringComparer.Ordinal)];
        _key = string.Join(" * ", Atoms.Select(a => a.ToString()));
    }

    /// <summary>The empty product.</summary>
    public static Monomial One { get; } = new([]);

    /// <summary>The factors; repeated for powers.</summary>
    public IReadOnlyList<DimAtom> Atoms { get; }

    /// <summary>True for the empty product.</summary>
    public bool IsOne => Atoms.Count == 0;

    /// <summary>The only factor, or null.</summary>
    public DimAtom? SingleAtom => Atoms.Count == 1 ? Atoms[0] : null;

    /// <summary>A single factor.</summary>
    public static Monomial Of(DimAtom atom) => new([atom]);

    /// <summary>The product.</summary>
    public Monomial Times(Monomial other) => IsOne ? other : other.IsOne ? this : new(Atoms.Concat(other.Atoms));

    /// <summary>The quotient, or null where the divisor has a factor that this lacks.</summary>
    public Monomial? TryDivide(Monomial divisor)
    {
        List<DimAtom> rest = [.. Atoms];
        foreach (DimAtom atom in divisor.Atoms)
        {
            int index = rest.FindIndex(a => a.ToString() == atom.ToString());
            if (index < 0)
            {
                return null;
            }

            rest.RemoveAt(index);
        }

        return new(rest);
    }

    /// <summary>Graded order: fewer factors first, then by text. A monomial order, so that division terminates.</summary>
    public int CompareTo(Monomial? other)
    {
        if (other is null)
        {
            return 1;
        }

        int byDegree = Atoms.Count.CompareTo(other.Atoms.Count);
        if (byDegree != 0)
        {
            return byDegree;
        }

        // Compared factor by factor from the end of the alphabet: multiplying both sides by the same factor keeps the order.
        for (int i = Atoms.Count - 1; i >= 0; i--)
        {
            int byAtom = string.CompareOrdinal(Atoms[i].ToString(), other.Atoms[i].ToString());
            if (byAtom != 0)
            {
                return byAtom;
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public bool Equals(Monomial? other) => other is not null && _key == other._key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Monomial);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_key);

    /// <inheritdoc/>
    public override string ToString() => _key;
}
