using System;
using System.Collections.Immutable;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary>Numbers, strings, names, parentheses and tuples.</summary>
internal static class Primaries
{
    private static readonly Func<TokenInput, IResult<ExpressionSyntax>> s_item = Expressions.ReadCondition;

    public static IResult<ExpressionSyntax> Read(TokenInput input)
    {
        Token token = input.Token;
        input.Session.Height = 1;
        switch (token.Kind)
        {
            case TokenKind.Number:
                return Success<ExpressionSyntax>(new NumberSyntax(token.Text, token.Span), input.Next());
            case TokenKind.String:
                return Success<ExpressionSyntax>(new StringSyntax(token.Text, token.Span), input.Next());
            case TokenKind.Word when IsInnerConditional(input):
                input.Report(SyntaxDiagnostics.ConditionalNeedsParentheses(input.Session.Source, token.Span));
                return Expressions.Read(input);
            case TokenKind.Word:
                return Success<ExpressionSyntax>(new IdentifierSyntax(new(token.Text, token.Span), token.Span), input.Next());
            case TokenKind.OpenParen:
                return ReadParentheses(input);
            default:
                return Missing(input);
        }
    }

    /// <summary>Reports that an expression should stand here; consumes nothing.</summary>
    public static IResult<ExpressionSyntax> Missing(TokenInput input)
    {
        input.Report(SyntaxDiagnostics.ExpressionExpected(input.Session.Source, input.Trouble, Spelling.Before(input), Spelling.Found(input), input.Token.Text));
        return Success<ExpressionSyntax>(new MissingExpression(input.Gap), input);
    }

    /// <summary><c>a + if c then ...</c>: no name can have an operand behind it.</summary>
    private static bool IsInnerConditional(TokenInput input) => input.Token.Is("if") && TokenSets.Operands.Has(input.Following.Kind);

    private static IResult<ExpressionSyntax> ReadParentheses(TokenInput input)
    {
        IResult<ImmutableArray<ExpressionSyntax>> items = Brackets.ReadItems(input.Next(), input.Token, s_item, TokenSets.ExpressionStarts);
        TokenInput rest = Brackets.ReadCloser(items.Rest(), input.Token).Rest();
        return Success(Group(items.Value, items.Rest(), input.To(rest)), rest);
    }

    private static ExpressionSyntax Group(ImmutableArray<ExpressionSyntax> items, TokenInput inside, TextSpan span)
    {
        if (items.Length > 0)
        {
            return items.Length == 1 ? items[0] : new TupleSyntax(items, span);
        }

        inside.Report(SyntaxDiagnostics.EmptyParentheses(inside.Session.Source, span));
        return new MissingExpression(span);
    }
}
