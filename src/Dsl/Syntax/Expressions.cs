using System.Collections.Immutable;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Syntax;

/// <summary>An expression.</summary>
public abstract record ExpressionSyntax(TextSpan Span) : SyntaxNode(Span);

/// <summary>A number, as written: the lexeme is kept so that nothing is lost to rounding or culture.</summary>
public sealed record NumberSyntax(string Lexeme, TextSpan Span) : ExpressionSyntax(Span)
{
    /// <summary>True without fraction and exponent.</summary>
    public bool IsInteger => Lexeme.IndexOfAny(['.', 'e', 'E']) < 0;
}

/// <summary>A string; <paramref name="Value"/> has the quotes removed and the escapes resolved.</summary>
public sealed record StringSyntax(string Value, TextSpan Span) : ExpressionSyntax(Span);

/// <summary>A name in an expression.</summary>
public sealed record IdentifierSyntax(NameSyntax Name, TextSpan Span) : ExpressionSyntax(Span);

/// <summary><c>-a</c>.</summary>
public sealed record NegateSyntax(ExpressionSyntax Operand, TextSpan Span) : ExpressionSyntax(Span);

/// <summary><c>a + b</c> and the other binary operators: <c>+ - * / % ^ == != &lt; &lt;= &gt; &gt;=</c>.</summary>
public sealed record BinarySyntax(string Operator, TextSpan OperatorSpan, ExpressionSyntax Left, ExpressionSyntax Right, TextSpan Span) : ExpressionSyntax(Span);

/// <summary><c>x |> f</c>.</summary>
public sealed record PipeSyntax(ExpressionSyntax Input, ExpressionSyntax Function, TextSpan Span) : ExpressionSyntax(Span);

/// <summary><c>f(a, name: b)</c>.</summary>
public sealed record CallSyntax(ExpressionSyntax Callee, ImmutableArray<ArgumentSyntax> Arguments, TextSpan Span) : ExpressionSyntax(Span);

/// <summary>One argument of a call.</summary>
/// <param name="Name">The name before the colon; null for a positional argument.</param>
public sealed record ArgumentSyntax(NameSyntax? Name, ExpressionSyntax Value, TextSpan Span) : SyntaxNode(Span);

/// <summary><c>x as Image</c>.</summary>
public sealed record AsSyntax(ExpressionSyntax Value, NameSyntax Space, TextSpan Span) : ExpressionSyntax(Span);

/// <summary><c>a.b</c>.</summary>
public sealed record MemberSyntax(ExpressionSyntax Target, NameSyntax Member, TextSpan Span) : ExpressionSyntax(Span);

/// <summary><c>a[i]</c>, <c>a[i..j]</c>.</summary>
/// <param name="To">One behind the last index of a slice; null for one index.</param>
public sealed record IndexSyntax(ExpressionSyntax Target, ExpressionSyntax Index, ExpressionSyntax? To, TextSpan Span) : ExpressionSyntax(Span);

/// <summary><c>(a, b)</c>; a single parenthesised expression is just that expression, with the span of its inside.</summary>
public sealed record TupleSyntax(ImmutableArray<ExpressionSyntax> Items, TextSpan Span) : ExpressionSyntax(Span);

/// <summary><c>if c then a else b</c>.</summary>
public sealed record ConditionalSyntax(ExpressionSyntax Condition, ExpressionSyntax Then, ExpressionSyntax Else, TextSpan Span) : ExpressionSyntax(Span);

/// <summary><c>E at 10</c>, behind <c>over</c> only: a target whose rate is scaled.</summary>
public sealed record ScaledSyntax(ExpressionSyntax Target, ExpressionSyntax Scale, TextSpan Span) : ExpressionSyntax(Span);

/// <summary><c>M except M.prior</c>, behind <c>over</c> only.</summary>
/// <param name="Without">What is left out.</param>
public sealed record ExceptSyntax(ExpressionSyntax Target, ImmutableArray<ExpressionSyntax> Without, TextSpan Span) : ExpressionSyntax(Span);

/// <summary>A hole: the parser has reported that an expression is missing here.</summary>
public sealed record MissingExpression(TextSpan Span) : ExpressionSyntax(Span);
