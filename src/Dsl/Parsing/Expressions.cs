using System;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary>
/// Expressions. They never fail: where nothing can be read stands a <see cref="MissingExpression"/>. What calls itself is
/// written as plain functions between the combinators: a level of nesting then costs a few stack frames instead of forty.
/// </summary>
internal static class Expressions
{
    /// <summary>Any expression.</summary>
    public static readonly Parser<ExpressionSyntax> Expression = Rule(Read);

    /// <summary>An expression where a comparison is likely: a single <c>=</c> is taken for <c>==</c>.</summary>
    public static readonly Parser<ExpressionSyntax> Condition = Rule(ReadCondition);

    public static IResult<ExpressionSyntax> Read(TokenInput input)
    {
        if (input.IsTooDeep)
        {
            TokenInput rest = TooDeep(input);
            return Success<ExpressionSyntax>(new MissingExpression(input.To(rest)), rest);
        }

        TokenInput inner = input.Deeper();
        IResult<ExpressionSyntax> result = Conditionals.Begins(inner) ? Conditionals.Read(inner) : Operators.Read(inner, Operators.Loosest);
        return Success(result.Value, result.Rest().WithDepth(input.Depth));
    }

    public static IResult<ExpressionSyntax> ReadCondition(TokenInput input)
    {
        IResult<ExpressionSyntax> left = Read(input);
        return left.Rest().Kind == TokenKind.Equals ? ReadEquals(input, left) : left;
    }

    /// <summary>Reports too deep a nesting and skips what is nested.</summary>
    public static TokenInput TooDeep(TokenInput input)
    {
        input.Report(SyntaxDiagnostics.TooDeep(input.Session.Source, input.Token.Span, ParseSession.MaxDepth));
        return Skip.Nested(input);
    }

    /// <summary>Reports an expression that grew too tall and skips the rest of it; null where it did not.</summary>
    public static TokenInput? StopIfTooTall(TokenInput input, int height)
    {
        if (input.Depth + height < ParseSession.MaxHeight)
        {
            return null;
        }

        input.Report(SyntaxDiagnostics.TooLong(input.Session.Source, input.Token.Span, ParseSession.MaxHeight));
        return Skip.Expression(input);
    }

    /// <summary>From the start of the left part, which may be a parenthesis or a hole, to the end of the right one.</summary>
    public static TextSpan Whole(TokenInput start, ExpressionSyntax left, TokenInput end)
    {
        int first = Math.Min(start.Position, left.Span.Start);
        return TextSpan.FromBounds(first, Math.Max(first, end.LastEnd));
    }

    private static IResult<ExpressionSyntax> ReadEquals(TokenInput start, IResult<ExpressionSyntax> left)
    {
        TokenInput sign = left.Rest();
        int height = sign.Session.Height;
        sign.Report(SyntaxDiagnostics.EqualsInCondition(sign.Session.Source, sign.Token.Span));
        IResult<ExpressionSyntax> right = Read(sign.Next());
        sign.Session.Height = Math.Max(height, sign.Session.Height) + 1;
        TextSpan span = Whole(start, left.Value, right.Rest());
        return Success<ExpressionSyntax>(new BinarySyntax("==", sign.Token.Span, left.Value, right.Value, span), right.Rest());
    }
}
