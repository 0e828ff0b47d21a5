using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Ir;
using GenDsl.Dsl.Ranges;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>
/// The facts behind <c>where</c> that speak of one size: <c>h % 4 == 0</c>, <c>n >= 2</c>. They hold inside the body, where
/// proofs use them, and are owed by every caller.
/// </summary>
internal sealed class SizeFacts
{
    private readonly List<SizeFact> _facts = [];

    private SizeFacts(List<ExpressionSyntax> others) => Others = others;

    /// <summary>No facts.</summary>
    public static SizeFacts None { get; } = new([]);

    /// <summary>The facts, in order.</summary>
    public ImmutableArray<SizeFact> All => [.. _facts];

    /// <summary>Facts of another form: checked at construction, of no use in proofs.</summary>
    public IReadOnlyList<ExpressionSyntax> Others { get; }

    /// <summary>Sorts facts by their form.</summary>
    public static SizeFacts Of(GenSource source, BodyDeclarationSyntax declaration)
    {
        HashSet<string> reals = new(StringComparer.Ordinal);
        foreach (ParameterSyntax parameter in declaration.Header.Hyperparameters.Concat(declaration.Header.Data))
        {
            if (parameter.Type is HostTypeSyntax { Keyword.Text: { } word } ? word == "float" : parameter is { Type: null, Default: { } standard } && IsReal(standard, reals))
            {
                reals.Add(parameter.Name.Text);
            }
        }

        List<ExpressionSyntax> others = [];
        var all = new SizeFacts(others);
        foreach (ExpressionSyntax fact in declaration.Facts)
        {
            string text = source.Text.Substring(fact.Span.Start, fact.Span.Length);
            switch (fact)
            {
                case BinarySyntax { Operator: "==", Left: BinarySyntax { Operator: "%", Left: IdentifierSyntax name, Right: NumberSyntax modulus }, Right: NumberSyntax residue }
                    when Integer(modulus) is { } m and > 0 && Integer(residue) is { } c && c >= 0 && c < m:
                    all._facts.Add(new SizeFact(name.Name.Text, null, m, c, text, fact.Span));
                    break;
                case BinarySyntax { Operator: ">=" or ">" or "==", Left: IdentifierSyntax name, Right: NumberSyntax least } comparison when Integer(least) is { } n && comparison.Operator != "==" && !reals.Contains(name.Name.Text):
                    all._facts.Add(new SizeFact(name.Name.Text, comparison.Operator == ">" ? n + 1 : n, 1, 0, text, fact.Span));
                    break;
                default:
                    others.Add(fact);
                    break;
            }
        }

        return all;
    }

    /// <summary>A variable with what is known of it.</summary>
    public DimVariable Variable(string name, DimVariableKind kind, long minimum)
    {
        (long modulus, long residue) = (1, 0);
        foreach (SizeFact fact in _facts.Where(f => f.Name == name))
        {
            minimum = Math.Max(minimum, fact.Minimum ?? minimum);

            // Of two moduli the finer one is used; the other stays a check.
            if (fact.Modulus > modulus)
            {
                (modulus, residue) = (fact.Modulus, fact.Residue);
            }
        }

        return new DimVariable(name, kind, minimum, modulus, residue) { Below = kind == DimVariableKind.Hyperparameter ? Below(name) : null };
    }

    /// <summary>What facts say of a hyperparameter that is a real number.</summary>
    public Interval Range(string name) => Others
        .Where(o => o is BinarySyntax { Left: IdentifierSyntax of } && of.Name.Text == name)
        .Select(RangeOf)
        .Aggregate(Interval.All, (all, range) => range is { } more ? all.Meet(more) : all);

    /// <summary>Where <c>t > 0</c> and the like put the name on their left; null for facts of another form.</summary>
    public static Interval? RangeOf(ExpressionSyntax fact) =>
        fact is BinarySyntax { Left: IdentifierSyntax, Operator: { } op, Right: { } end } && Constant(end) is { } number
            ? op switch
            {
                ">" => Interval.All with { Low = number },
                ">=" => Interval.All with { Low = number, LowOpen = false },
                "<" => Interval.All with { High = number },
                "<=" => Interval.All with { High = number, HighOpen = false },
                _ => null,
            }
            : null;

    private static double? Constant(ExpressionSyntax syntax) => syntax switch
    {
        NumberSyntax number => double.Parse(number.Lexeme, NumberStyles.Float, CultureInfo.InvariantCulture),
        NegateSyntax { Operand: NumberSyntax number } => -double.Parse(number.Lexeme, NumberStyles.Float, CultureInfo.InvariantCulture),
        _ => null,
    };

    // What a default makes of a hyperparameter: quotients of integers are real but for those that are exact.
    private static bool IsReal(ExpressionSyntax syntax, HashSet<string> reals) => syntax switch
    {
        NumberSyntax number => !number.IsInteger,
        NegateSyntax negate => IsReal(negate.Operand, reals),
        IdentifierSyntax name => reals.Contains(name.Name.Text),
        BinarySyntax { Operator: "/", Left: NumberSyntax a, Right: NumberSyntax b } when Integer(a) is { } x && Integer(b) is { } y and not 0 => x % y != 0,
        BinarySyntax binary => IsReal(binary.Left, reals) || IsReal(binary.Right, reals),
        ConditionalSyntax chosen => IsReal(chosen.Then, reals) || IsReal(chosen.Else, reals),
        CallSyntax => true,
        _ => false,
    };

    // 'n <= 8' is a check at construction, and what it allows is known from then on.
    private Dim? Below(string name)
    {
        Dim? least = null;
        foreach (ExpressionSyntax other in Others)
        {
            if (other is BinarySyntax { Operator: "<=" or "<", Left: IdentifierSyntax of, Right: NumberSyntax most } comparison && of.Name.Text == name && Integer(most) is { } n)
            {
                Dim end = Dim.Constant(comparison.Operator == "<" ? n : n + 1);
                least = least is null || end.Value < least.Value ? end : least;
            }
        }

        return least;
    }

    /// <summary>Reports facts about names that are no size of the declaration.</summary>
    public void CheckNames(BodyElaborator body)
    {
        foreach (SizeFact fact in _facts.Where(f => body.Scope.Find(f.Name) is not { Value: HostValueHolder { Host.Kind: HostKind.Int } or ErrorValue }))
        {
            body.Report(fact.Span, b => b.UnknownName(fact.Name, body.Scope.Names));
        }
    }

    private static long? Integer(NumberSyntax number) =>
        number.IsInteger && long.TryParse(number.Lexeme, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
}
