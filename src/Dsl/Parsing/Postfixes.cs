using System;
using System.Collections.Immutable;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary>Members, calls and indices behind a primary expression.</summary>
internal static class Postfixes
{
    private static readonly Parser<NameSyntax> s_member = Name("a member");

    private static readonly Parser<NameSyntax> s_label =
        from name in Name("an argument")
        from colon in Token(TokenKind.Colon).Or(WrongColon)
        select name;

    private static readonly Func<TokenInput, IResult<ArgumentSyntax>> s_argument = ReadArgument;

    private static Parser<Token> WrongColon => Rule(input =>
    {
        input.Report(SyntaxDiagnostics.EqualsInArgument(input.Session.Source, input.Token.Span, input.Token.Text));
        return Success(input.Token, input.Next());
    });

    /// <summary>A primary expression with all that hangs on it.</summary>
    public static IResult<ExpressionSyntax> Read(TokenInput input)
    {
        IResult<ExpressionSyntax> result = Primaries.Read(input);
        while (result.Value is not MissingExpression && result.Rest().Kind is TokenKind.Dot or TokenKind.OpenParen or TokenKind.OpenBracket)
        {
            TokenInput sign = result.Rest();
            int height = sign.Session.Height;
            if (Expressions.StopIfTooTall(sign, height) is { } rest)
            {
                return Success(result.Value, rest);
            }

            sign.Session.Height = 0;
            result = sign.Kind switch
            {
                TokenKind.Dot => ReadMember(input, result.Value, sign),
                TokenKind.OpenParen => ReadCall(input, result.Value, sign),
                _ => ReadIndex(input, result.Value, sign),
            };
            sign.Session.Height = Math.Max(height, sign.Session.Height) + 1;
        }

        return result;
    }

    private static IResult<ExpressionSyntax> ReadMember(TokenInput start, ExpressionSyntax target, TokenInput sign)
    {
        IResult<NameSyntax> member = s_member(sign.Next());
        return Success<ExpressionSyntax>(new MemberSyntax(target, member.Value, Expressions.Whole(start, target, member.Rest())), member.Rest());
    }

    private static IResult<ExpressionSyntax> ReadCall(TokenInput start, ExpressionSyntax callee, TokenInput sign)
    {
        IResult<ImmutableArray<ArgumentSyntax>> arguments = Brackets.ReadItems(sign.Next(), sign.Token, s_argument, TokenSets.ExpressionStarts);
        TokenInput rest = Brackets.ReadCloser(arguments.Rest(), sign.Token).Rest();
        return Success<ExpressionSyntax>(new CallSyntax(callee, arguments.Value, Expressions.Whole(start, callee, rest)), rest);
    }

    private static IResult<ExpressionSyntax> ReadIndex(TokenInput start, ExpressionSyntax target, TokenInput sign)
    {
        IResult<ExpressionSyntax> index = Expressions.Read(sign.Next());
        int height = sign.Session.Height;
        IResult<ExpressionSyntax>? to = index.Rest().Kind == TokenKind.DotDot ? Expressions.Read(index.Rest().Next()) : null;
        sign.Session.Height = Math.Max(height, sign.Session.Height);
        TokenInput rest = Brackets.ReadCloser((to ?? index).Rest(), sign.Token).Rest();
        return Success<ExpressionSyntax>(new IndexSyntax(target, index.Value, to?.Value, Expressions.Whole(start, target, rest)), rest);
    }

    private static IResult<ArgumentSyntax> ReadArgument(TokenInput input)
    {
        bool isNamed = input.Kind == TokenKind.Word && input.Following.Kind is TokenKind.Colon or TokenKind.Equals or TokenKind.ColonEquals;
        IResult<NameSyntax>? label = isNamed ? s_label(input) : null;
        IResult<ExpressionSyntax> value = label is null ? Expressions.ReadCondition(input) : Expressions.Read(label.Rest());
        return Success(new ArgumentSyntax(label?.Value, value.Value, Expressions.Whole(input, value.Value, value.Rest())), value.Rest());
    }
}
