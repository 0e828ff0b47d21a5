using System;
using System.Linq;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Shapes;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using GenDsl.Dsl.Types;

namespace GenDsl.Dsl.Semantics;

/// <summary>Evaluates expressions that may hold nothing but numbers: sizes, bounds, laws, defaults.</summary>
internal sealed class HostEvaluator(FileContext file, GenSource source, Func<string, HostValue?>? names = null)
{
    public void Report(TextSpan span, Func<DiagnosticBuilder, GenDiagnostic> diagnostic) =>
        file.Diagnostics.Add(diagnostic(new DiagnosticBuilder(source, span)));

    /// <summary>An integer in normal form; null, reported, for anything else.</summary>
    /// <param name="free">What an unknown name stands for; null where unknown names are errors.</param>
    public Dim? Size(ExpressionSyntax syntax, Func<string, HostValue?>? free)
    {
        if (Evaluate(syntax, free) is not { } value)
        {
            return null;
        }

        if (value.Size is null)
        {
            Report(syntax.Span, b => b.WrongKind("A size", "an integer", new HostValueHolder(value).Description));
        }

        return value.Size;
    }

    /// <summary>A number; null, reported, for anything else.</summary>
    public HostValue? Number(ExpressionSyntax syntax)
    {
        if (Evaluate(syntax, null) is not { } value)
        {
            return null;
        }

        if (value.Kind is HostKind.Int or HostKind.Float)
        {
            return value;
        }

        Report(syntax.Span, b => b.WrongKind("This", "a number", new HostValueHolder(value).Description));
        return null;
    }

    /// <summary>Any host value; null, reported, where the expression is none.</summary>
    public HostValue? Evaluate(ExpressionSyntax syntax, Func<string, HostValue?>? free)
    {
        switch (syntax)
        {
            case NumberSyntax number:
                HostValue literal = HostArithmetic.Literal(number.Lexeme, number.IsInteger);
                if (!literal.IsFinite)
                {
                    Report(number.Span, b => b.NumberOutOfRange("A number", HostValue.Finite));
                    return null;
                }

                return literal;
            case IdentifierSyntax { Name.Text: "true" or "false" } truth:
                return new HostValue(HostKind.Bool, new HostLiteral(truth.Name.Text), null, Ranges.Interval.Unit);
            case IdentifierSyntax name:
                if ((names?.Invoke(name.Name.Text) ?? free?.Invoke(name.Name.Text)) is { } known)
                {
                    return known;
                }

                Report(name.Span, b => b.UnknownName(name.Name.Text, []));
                return null;
            case NegateSyntax negate:
                if (Evaluate(negate.Operand, free) is not { } operand)
                {
                    return null;
                }

                if (operand.Kind is HostKind.Int or HostKind.Float)
                {
                    return HostArithmetic.Negate(operand);
                }

                Report(negate.Operand.Span, b => b.WrongKind("What stands behind '-'", "a number", new HostValueHolder(operand).Description));
                return null;
            case BinarySyntax binary:
                if (Evaluate(binary.Left, free) is not { } left || Evaluate(binary.Right, free) is not { } right)
                {
                    return null;
                }

                if (binary.Operator is "/" or "%" && right.Constant == 0)
                {
                    Report(binary.Right.Span, b => b.NumberOutOfRange("A divisor", "other than 0"));
                    return null;
                }

                if (HostArithmetic.Binary(binary.Operator, left, right) is { } result)
                {
                    return result;
                }

                // A chained comparison is reported already.
                if (file.Diagnostics.HasErrorIn(binary.Span))
                {
                    return null;
                }

                Report(binary.OperatorSpan, b => b.WrongKind($"Both sides of '{binary.Operator}'", binary.Operator == "%" ? "integers" : "numbers", $"{new HostValueHolder(left).Description} and {new HostValueHolder(right).Description}"));
                return null;
            case ConditionalSyntax conditional:
                if (Evaluate(conditional.Condition, free) is { } condition && Evaluate(conditional.Then, free) is { } then && Evaluate(conditional.Else, free) is { } otherwise)
                {
                    if (HostArithmetic.Conditional(condition, then, otherwise) is { } chosen)
                    {
                        return chosen;
                    }

                    Report(conditional.Span, b => b.WrongKind("A conditional", "'if <comparison> then <number> else <number>'", "something else"));
                }

                return null;
            case MissingExpression:
                return null;
            default:
                Report(syntax.Span, b => b.WrongKind("This", "a number known before anything runs", "something computed later"));
                return null;
        }
    }
}
