using System;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary>Operators by precedence, loosest first: <c>|></c>, <c>as</c>, comparisons, sums, products, unary minus, <c>^</c>.</summary>
internal static class Operators
{
    public const int Loosest = 0;

    private const int As = 1;
    private const int Comparison = 2;

    // 'as' is a word, and an operator only in front of another one.
    private static readonly TokenSet[] s_levels =
        [TokenSets.PipeOperators, new(), TokenSets.ComparisonOperators, TokenSets.SumOperators, TokenSets.ProductOperators];

    private static readonly Sprache.Parser<NameSyntax> s_space = Name("a space");

    /// <summary>Operands with operators at least as tight as a level between them, grouped to the left.</summary>
    public static IResult<ExpressionSyntax> Read(TokenInput input, int loosest)
    {
        IResult<ExpressionSyntax> left = ReadUnary(input);
        int comparisons = 0;
        for (int level = LevelOf(left.Rest()); level >= loosest; level = LevelOf(left.Rest()))
        {
            TokenInput sign = left.Rest();
            int height = sign.Session.Height;
            if (Expressions.StopIfTooTall(sign, height) is { } rest)
            {
                return Success(left.Value, rest);
            }

            if (level == As)
            {
                IResult<NameSyntax> space = s_space(sign.Next());
                sign.Session.Height = height + 1;
                left = Success<ExpressionSyntax>(new AsSyntax(left.Value, space.Value, Expressions.Whole(input, left.Value, space.Rest())), space.Rest());
                continue;
            }

            if (level == Comparison && ++comparisons == 2)
            {
                sign.Report(SyntaxDiagnostics.ChainedComparison(sign.Session.Source, sign.Token.Span, sign.Token.Text));
            }

            IResult<ExpressionSyntax> right = Read(sign.Next(), level + 1);
            sign.Session.Height = Math.Max(height, sign.Session.Height) + 1;
            left = Success(Join(left.Value, sign.Token, right.Value, Expressions.Whole(input, left.Value, right.Rest())), right.Rest());
        }

        return left;
    }

    private static int LevelOf(TokenInput input)
    {
        TokenKind kind = input.Kind;
        if (kind == TokenKind.Word)
        {
            return input.Token.Is("as") && !input.Token.IsFirstOnLine && input.Following.Kind == TokenKind.Word ? As : -1;
        }

        for (int level = 0; level < s_levels.Length; level++)
        {
            if (s_levels[level].Has(kind))
            {
                return level;
            }
        }

        return -1;
    }

    private static ExpressionSyntax Join(ExpressionSyntax left, Token sign, ExpressionSyntax right, TextSpan span) =>
        sign.Kind == TokenKind.Pipe ? new PipeSyntax(left, right, span) : new BinarySyntax(sign.Text, sign.Span, left, right, span);

    private static IResult<ExpressionSyntax> ReadUnary(TokenInput input)
    {
        if (input.Kind != TokenKind.Minus)
        {
            return ReadPower(input);
        }

        IResult<ExpressionSyntax> operand = ReadNestedUnary(input.Next());
        input.Session.Height++;
        return Success<ExpressionSyntax>(new NegateSyntax(operand.Value, input.To(operand.Rest())), operand.Rest());
    }

    private static IResult<ExpressionSyntax> ReadPower(TokenInput input)
    {
        IResult<ExpressionSyntax> operand = Postfixes.Read(input);
        TokenInput sign = operand.Rest();
        if (sign.Kind != TokenKind.Caret)
        {
            return operand;
        }

        int height = sign.Session.Height;
        IResult<ExpressionSyntax> exponent = ReadNestedUnary(sign.Next());
        sign.Session.Height = Math.Max(height, sign.Session.Height) + 1;
        return Success(Join(operand.Value, sign.Token, exponent.Value, Expressions.Whole(input, operand.Value, exponent.Rest())), exponent.Rest());
    }

    private static IResult<ExpressionSyntax> ReadNestedUnary(TokenInput input)
    {
        if (input.IsTooDeep)
        {
            TokenInput rest = Expressions.TooDeep(input);
            return Success<ExpressionSyntax>(new MissingExpression(input.To(rest)), rest);
        }

        IResult<ExpressionSyntax> result = ReadUnary(input.Deeper());
        return Success(result.Value, result.Rest().WithDepth(input.Depth));
    }
}
