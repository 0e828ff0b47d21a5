using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace GenDsl.Dsl.Shapes;

/// <summary>
/// A symbolic integer in normal form: a polynomial with integer coefficients over variables and floor divisions.
/// Two sizes are equal for all values of their variables exactly if their normal forms are.
/// </summary>
public sealed class Dim : IEquatable<Dim>
{
    private readonly ImmutableSortedDictionary<Monomial, long> _terms;
    private string? _key;

    private Dim(ImmutableSortedDictionary<Monomial, long> terms) => _terms = terms;

    /// <summary>The number 0.</summary>
    public static Dim Zero { get; } = new(ImmutableSortedDictionary<Monomial, long>.Empty);

    /// <summary>The number 1.</summary>
    public static Dim One { get; } = Constant(1);

    /// <summary>The terms: coefficient by monomial, none zero.</summary>
    public IReadOnlyDictionary<Monomial, long> Terms => _terms;

    /// <summary>The value where no variable occurs, otherwise null.</summary>
    public long? Value => _terms.Count switch
    {
        0 => 0,
        1 when _terms.First().Key.IsOne => _terms.First().Value,
        _ => null,
    };

    /// <summary>A plain number.</summary>
    public static Dim Constant(long value) =>
        value == 0 ? Zero : new(ImmutableSortedDictionary<Monomial, long>.Empty.Add(Monomial.One, value));

    /// <summary>A variable.</summary>
    public static Dim Of(DimVariable variable) =>
        variable.Modulus > 1 ? (Constant(variable.Modulus) * Of(new QuotientAtom(variable))) + Constant(variable.Residue) : Of(new VariableAtom(variable));

    private static Dim Of(DimAtom atom) => new(ImmutableSortedDictionary<Monomial, long>.Empty.Add(Monomial.Of(atom), 1));

    /// <summary>a + b.</summary>
    public static Dim operator +(Dim a, Dim b)
    {
        ImmutableSortedDictionary<Monomial, long>.Builder sum = a._terms.ToBuilder();
        foreach (KeyValuePair<Monomial, long> term in b._terms)
        {
            AddTerm(sum, term.Key, term.Value);
        }

        return new(sum.ToImmutable());
    }

    /// <summary>-a.</summary>
    public static Dim operator -(Dim a) => a * Constant(-1);

    /// <summary>a - b.</summary>
    public static Dim operator -(Dim a, Dim b) => a + (-b);

    /// <summary>a * b.</summary>
    public static Dim operator *(Dim a, Dim b)
    {
        ImmutableSortedDictionary<Monomial, long>.Builder product = ImmutableSortedDictionary.CreateBuilder<Monomial, long>();
        foreach (KeyValuePair<Monomial, long> x in a._terms)
        {
            foreach (KeyValuePair<Monomial, long> y in b._terms)
            {
                AddTerm(product, x.Key.Times(y.Key), checked(x.Value * y.Value));
            }
        }

        return new(product.ToImmutable());
    }

    /// <summary>A number as a size.</summary>
    public static implicit operator Dim(long value) => Constant(value);

    /// <summary>
    /// floor(a / b). Exact parts are taken out: floor((q·a + r)/q) = a + floor(r/q), and
    /// floor(floor(p/a)/b) = floor(p/(a·b)) for constant divisors.
    /// </summary>
    public static Dim FloorDivide(Dim a, Dim b)
    {
        if (a.TryDivide(b) is { } exact)
        {
            return exact;
        }

        if (b.Value is not { } divisor || divisor <= 0)
        {
            return Of(new FloorAtom(a, b));
        }

        Dim whole = Zero;
        Dim rest = Zero;
        foreach (KeyValuePair<Monomial, long> term in a._terms)
        {
            long quotient = FloorDivide(term.Value, divisor);
            whole += Single(term.Key, quotient);
            rest += Single(term.Key, term.Value - (quotient * divisor));
        }

        if (rest.Value is { } constant)
        {
            return whole + FloorDivide(constant, divisor);
        }

        if (rest._terms.Count == 1 && rest._terms.First() is { Value: 1, Key: { } only } && only.SingleAtom is FloorAtom { Denominator.Value: { } inner } floor)
        {
            return whole + FloorDivide(floor.Numerator, Constant(inner * divisor));
        }

        return whole + Of(new FloorAtom(rest, b));
    }

    /// <summary>a mod b, as a - b·floor(a/b).</summary>
    public static Dim Modulo(Dim a, Dim b) => a - (b * FloorDivide(a, b));

    /// <summary>base^exponent for a constant base, or an expanded power for a constant exponent; null where neither is constant.</summary>
    public static Dim? Power(Dim @base, Dim exponent)
    {
        if (exponent.Value is { } n && n >= 0 && n <= 64)
        {
            Dim result = One;
            for (long i = 0; i < n; i++)
            {
                result *= @base;
            }

            return result;
        }

        return @base.Value is { } b && b > 0 ? Of(new PowerAtom(b, exponent)) : null;
    }

    /// <summary>The smaller of two sizes.</summary>
    public static Dim Min(Dim a, Dim b) => (a.Value, b.Value) is ({ } x, { } y) ? Constant(Math.Min(x, y)) : Of(new ExtremeAtom(true, a, b));

    /// <summary>The larger of two sizes.</summary>
    public static Dim Max(Dim a, Dim b) => (a.Value, b.Value) is ({ } x, { } y) ? Constant(Math.Max(x, y)) : Of(new ExtremeAtom(false, a, b));

    /// <summary>One of two sizes, by a comparison: <c>==</c>, <c>!=</c>, <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c> or <c>&gt;=</c>.</summary>
    public static Dim Choice(string comparison, Dim left, Dim right, Dim then, Dim otherwise)
    {
        if (then.Equals(otherwise))
        {
            return then;
        }

        if ((left - right).Value is not { } difference)
        {
            return Of(new ChoiceAtom(comparison, left, right, then, otherwise));
        }

        bool holds = comparison switch
        {
            "==" => difference == 0,
            "!=" => difference != 0,
            "<" => difference < 0,
            "<=" => difference <= 0,
            ">" => difference > 0,
            ">=" => difference >= 0,
            _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
        };
        return holds ? then : otherwise;
    }

    /// <summary>The product of sizes; 1 for none.</summary>
    public static Dim Product(IEnumerable<Dim> sizes) => sizes.Aggregate(One, (a, b) => a * b);

    /// <summary>The polynomial q with q · divisor = this, or null where there is none.</summary>
    public Dim? TryDivide(Dim divisor)
    {
        if (divisor._terms.Count == 0)
        {
            return null;
        }

        KeyValuePair<Monomial, long> lead = divisor._terms.Last();
        Dim rest = this;
        Dim quotient = Zero;
        for (int guard = 0; rest._terms.Count > 0; guard++)
        {
            KeyValuePair<Monomial, long> top = rest._terms.Last();
            if (guard > 200 || top.Value % lead.Value != 0 || top.Key.TryDivide(lead.Key) is not { } monomial)
            {
                return null;
            }

            Dim step = Single(monomial, top.Value / lead.Value);
            quotient += step;
            rest -= step * divisor;
        }

        return quotient;
    }

    /// <summary>Replaces variables; those without a replacement stay.</summary>
    public Dim Substitute(Func<DimVariable, Dim?> replacement)
    {
        Dim sum = Zero;
        foreach (KeyValuePair<Monomial, long> term in _terms)
        {
            Dim product = Constant(term.Value);
            foreach (DimAtom atom in term.Key.Atoms)
            {
                product *= atom switch
                {
                    VariableAtom v => replacement(v.Variable) ?? Of(atom),
                    QuotientAtom q => replacement(q.Variable) is { } known ? FloorDivide(known - Constant(q.Variable.Residue), Constant(q.Variable.Modulus)) : Of(atom),
                    FloorAtom f => FloorDivide(f.Numerator.Substitute(replacement), f.Denominator.Substitute(replacement)),
                    PowerAtom p => Power(Constant(p.Base), p.Exponent.Substitute(replacement))!,
                    ExtremeAtom { IsMinimum: true } m => Min(m.A.Substitute(replacement), m.B.Substitute(replacement)),
                    ExtremeAtom m => Max(m.A.Substitute(replacement), m.B.Substitute(replacement)),
                    ChoiceAtom c => Choice(c.Operator, c.Left.Substitute(replacement), c.Right.Substitute(replacement), c.Then.Substitute(replacement), c.Else.Substitute(replacement)),
                    _ => throw new InvalidOperationException(atom.GetType().Name),
                };
            }

            sum += product;
        }

        return sum;
    }

    /// <summary>All variables, in order of their names, those inside floors included.</summary>
    public IEnumerable<DimVariable> Variables => _terms.Keys.SelectMany(m => m.Atoms).SelectMany(a => a.Variables)
        .GroupBy(v => v.Name, StringComparer.Ordinal).Select(g => g.First()).OrderBy(v => v.Name, StringComparer.Ordinal);

    /// <summary>The variable where this is nothing else.</summary>
    public DimVariable? AsVariable
    {
        get
        {
            foreach (Monomial monomial in _terms.Keys)
            {
                DimVariable? variable = monomial.SingleAtom switch { VariableAtom v => v.Variable, QuotientAtom q => q.Variable, _ => null };
                if (variable is not null)
                {
                    return Of(variable).SameTerms(this) ? variable : null;
                }
            }

            return null;
        }
    }

    /// <summary>A number that this is never below, for all values of the variables; null where none follows.</summary>
    public long? LowerBound
    {
        get
        {
            // What only falls as a variable grows is least where the variable is greatest.
            foreach (DimVariable variable in Variables)
            {
                if (variable.Below is { } below)
                {
                    Dim step = Substitute(v => v.Name == variable.Name ? Of(v) + 1 : null) - this;
                    if (step.Variables.All(v => v.Name != variable.Name) && !step.Equals(Zero) && (-step).LowerBound >= 0)
                    {
                        return Substitute(v => v.Name == variable.Name ? below - 1 : null).LowerBound;
                    }
                }
            }

            // Every variable written as its minimum plus something that is not negative: what then has no negative
            // coefficient is never below its value at zero.
            Dim shifted = Substitute(v =>
            {
                Dim rest = Of(new VariableAtom(new DimVariable(v.Name, v.Kind, 0)));
                return v.Modulus > 1 ? (Constant(v.Modulus) * (Constant(v.MinimumQuotient) + rest)) + Constant(v.Residue) : Constant(v.Minimum) + rest;
            });
            long bound = 0;
            foreach (KeyValuePair<Monomial, long> term in shifted._terms)
            {
                long product = 1;
                foreach (DimAtom atom in term.Key.Atoms)
                {
                    long? least = atom switch
                    {
                        VariableAtom => 0,
                        PowerAtom => 1,
                        FloorAtom { Denominator.Value: > 0 and { } d } f => f.Numerator.LowerBound is { } n ? FloorDivide(n, d) : null,
                        FloorAtom { Denominator.Value: null, Denominator.LowerBound: >= 1, Numerator.LowerBound: >= 0 } => 0,
                        ExtremeAtom { IsMinimum: true } m => m.A.LowerBound is { } a && m.B.LowerBound is { } b ? Math.Min(a, b) : null,
                        ExtremeAtom m => m.A.LowerBound is { } a ? Math.Max(a, m.B.LowerBound ?? a) : m.B.LowerBound,
                        ChoiceAtom c => c.Then.LowerBound is { } a && c.Else.LowerBound is { } b ? Math.Min(a, b) : null,
                        _ => null,
                    };
                    if (least is null or < 0)
                    {
                        return null;
                    }

                    product = checked(product * least.Value);
                }

                if (term.Value < 0 && !term.Key.IsOne)
                {
                    return null;
                }

                bound += term.Value * product;
            }

            return bound;
        }
    }

    /// <inheritdoc/>
    public bool Equals(Dim? other) => other is not null && Key == other.Key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Dim);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Key);

    /// <summary>The canonical text, as shown in messages: <c>4 * width * h + 1</c>.</summary>
    public override string ToString() => Key;

    private bool SameTerms(Dim other) => _terms.Count == other._terms.Count && _terms.All(t => other._terms.TryGetValue(t.Key, out long value) && value == t.Value);

    private string Key => _key ??= DimPrinter.Print(this);

    private static Dim Single(Monomial monomial, long coefficient) =>
        coefficient == 0 ? Zero : new(ImmutableSortedDictionary<Monomial, long>.Empty.Add(monomial, coefficient));

    private static void AddTerm(ImmutableSortedDictionary<Monomial, long>.Builder terms, Monomial monomial, long coefficient)
    {
        long sum = checked((terms.TryGetValue(monomial, out long old) ? old : 0) + coefficient);
        if (sum == 0)
        {
            terms.Remove(monomial);
        }
        else
        {
            terms[monomial] = sum;
        }
    }

    private static long FloorDivide(long a, long b) => (a / b) - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}
