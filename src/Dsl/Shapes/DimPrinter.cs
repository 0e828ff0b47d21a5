using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace GenDsl.Dsl.Shapes;

/// <summary>Writes sizes as text: for messages with the names as they are, for C# through a mapping of the variables.</summary>
public static class DimPrinter
{
    /// <summary>The canonical text.</summary>
    public static string Print(Dim dim) => Print(dim, v => v.Name, a => a.ToString()!);

    /// <summary>A C# expression of type <c>long</c> or <c>int</c>.</summary>
    /// <param name="dim">The size; floors are of non-negative numbers, where C#'s division agrees.</param>
    /// <param name="variable">The C# text of a variable.</param>
    public static string ToCSharp(Dim dim, Func<DimVariable, string> variable)
    {
        string Operand(Dim operand) => operand.AsVariable is not null || operand.Value is >= 0 ? ToCSharp(operand, variable) : $"({ToCSharp(operand, variable)})";

        string Atom(DimAtom atom) => atom switch
        {
            VariableAtom v => variable(v.Variable),
            QuotientAtom q => $"({variable(q.Variable)} / {q.Variable.Modulus.ToString(CultureInfo.InvariantCulture)})",
            FloorAtom f => $"{Operand(f.Numerator)} / {Operand(f.Denominator)}",
            PowerAtom { Base: 2 } p => $"(1L << (int){Operand(p.Exponent)})",
            PowerAtom p => $"(long)global::System.Math.Pow({p.Base.ToString(CultureInfo.InvariantCulture)}, {ToCSharp(p.Exponent, variable)})",
            ChoiceAtom c => $"({ToCSharp(c.Left, variable)} {c.Operator} {ToCSharp(c.Right, variable)} ? {ToCSharp(c.Then, variable)} : {ToCSharp(c.Else, variable)})",
            ExtremeAtom e => $"global::System.Math.{(e.IsMinimum ? "Min" : "Max")}({ToCSharp(e.A, variable)}, {ToCSharp(e.B, variable)})",
            _ => throw new InvalidOperationException(atom.GetType().Name),
        };

        // A floor among other factors needs its own parentheses: 4 * (h / 2), not 4 * h / 2.
        return Print(dim, variable, a => a is FloorAtom ? $"({Atom(a)})" : Atom(a));
    }

    private static string Print(Dim dim, Func<DimVariable, string> variable, Func<DimAtom, string> atom)
    {
        if (dim.Terms.Count == 0)
        {
            return "0";
        }

        if (dim.AsVariable is { } single)
        {
            return variable(single);
        }

        var text = new StringBuilder();

        // Highest degree first, as people write polynomials.
        foreach (KeyValuePair<Monomial, long> term in dim.Terms.Reverse())
        {
            long size = Math.Abs(term.Value);

            // 4 * (h / 4) is written h.
            QuotientAtom? whole = term.Key.Atoms.OfType<QuotientAtom>().FirstOrDefault(q => q.Variable.Residue == 0 && size % q.Variable.Modulus == 0);
            if (whole is not null)
            {
                size /= whole.Variable.Modulus;
            }

            bool written = false;
            text.Append(text.Length == 0 ? (term.Value < 0 ? "-" : "") : term.Value < 0 ? " - " : " + ");
            string factors = string.Join(" * ", term.Key.Atoms.Select(a =>
            {
                if (a is QuotientAtom q && whole is not null && !written && q.Equals(whole))
                {
                    written = true;
                    return variable(q.Variable);
                }

                return a is VariableAtom v ? variable(v.Variable) : atom(a);
            }));
            text.Append(term.Key.IsOne ? size.ToString(CultureInfo.InvariantCulture)
                : size == 1 ? factors
                : size.ToString(CultureInfo.InvariantCulture) + " * " + factors);
        }

        return text.ToString();
    }
}
