using System.Collections.Immutable;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary><c>[c, h, w]</c>, <c>[N;]</c>, <c>[N; c, h, w]</c>, <c>[N; Image]</c>, <c>[N; { x: Image }]</c>.</summary>
internal static class Shapes
{
    private static readonly TokenSet s_semicolon = new(TokenKind.Semicolon);

    /// <summary>A shape; fails quietly where no bracket opens.</summary>
    public static readonly Parser<ShapeSyntax> Bracketed =
        from start in Here
        from open in Token(TokenKind.OpenBracket)
        from first in Brackets.Items(open, Expressions.Expression, TokenSets.ExpressionStarts, s_semicolon)
        from rest in AfterSemicolon(open)
        from close in Brackets.Close(open)
        from end in Here
        select Build(first, rest, start, end);

    private static readonly Parser<TypeSyntax?> s_rowType = When(BeginsRowType, Types.Type);

    /// <summary>A shape that has to be here.</summary>
    public static Parser<ShapeSyntax> Shape(string after) => Rule(input =>
    {
        if (input.Kind == TokenKind.OpenBracket)
        {
            return Bracketed(input);
        }

        input.Report(SyntaxDiagnostics.Expected(input.Session.Source, input.Trouble, "a shape such as '[c, h, w]'", after, Spelling.Found(input)));
        TokenInput rest = input.Kind == TokenKind.Word ? input.Next() : input;
        return Success(Empty(rest), rest);
    });

    /// <summary>The shape of one number, where the text gives none.</summary>
    public static ShapeSyntax Empty(TokenInput input) => new(null, [], null, input.Gap);

    private static Parser<Tail?> AfterSemicolon(Token open) => Rule(input =>
    {
        if (input.Kind != TokenKind.Semicolon)
        {
            return Success<Tail?>(null, input);
        }

        TokenInput next = input.Next();
        IResult<TypeSyntax?> row = s_rowType(next);
        if (row.WasSuccessful)
        {
            return Success<Tail?>(new Tail([], row.Value, input), row.Rest());
        }

        IResult<ImmutableArray<ExpressionSyntax>> dims = Brackets.Items(open, Expressions.Expression, TokenSets.ExpressionStarts)(next);
        return Success<Tail?>(new Tail(dims.Value, null, input), dims.Rest());
    });

    /// <summary>A lone name is taken for a type: only the checker knows whether it names a space or a size.</summary>
    private static bool BeginsRowType(TokenInput input) => input.Kind switch
    {
        TokenKind.OpenBrace or TokenKind.OpenBracket => true,
        TokenKind.Word => input.Following.Kind == TokenKind.CloseBracket
            || (input.Following.Kind == TokenKind.OpenBracket && Words.Elements.Has(input.Token.Text))
            || (input.Following.Kind == TokenKind.OpenParen && input.Token.Text == "net"),
        _ => false,
    };

    private static ShapeSyntax Build(ImmutableArray<ExpressionSyntax> first, Tail? tail, TokenInput start, TokenInput end)
    {
        TextSpan span = start.To(end);
        if (tail is null)
        {
            return new(null, first, null, span);
        }

        if (first.Length != 1)
        {
            TextSpan place = first.Length == 0 ? tail.Semicolon.Token.Span : first[1].Span;
            start.Session.Diagnostics.Add(SyntaxDiagnostics.BatchName(start.Session.Source, place, first.Length));
        }

        return new(first.Length == 0 ? new MissingExpression(tail.Semicolon.Gap) : first[0], tail.Dims, tail.RowType, span);
    }

    private sealed record Tail(ImmutableArray<ExpressionSyntax> Dims, TypeSyntax? RowType, TokenInput Semicolon);
}
