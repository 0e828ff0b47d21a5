using System;
using System.Collections.Immutable;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary>Lists in brackets, with recovery between their items.</summary>
internal static class Brackets
{
    /// <summary><c>( item, item )</c>, possibly empty; fails quietly where the bracket does not open.</summary>
    public static Parser<ImmutableArray<T>> List<T>(TokenKind opener, Parser<T> item, TokenSet starts) =>
        from open in Token(opener)
        from items in Items(open, item, starts)
        from _ in Close(open)
        select items;

    /// <summary>The items after an open bracket, up to its closer or to one of <paramref name="stops"/>.</summary>
    public static Parser<ImmutableArray<T>> Items<T>(Token open, Parser<T> item, TokenSet starts, TokenSet stops = default) =>
        Rule(input => ReadItems(input, open, item.Invoke, starts, stops));

    /// <summary>The closing bracket; a missing or wrong one is reported.</summary>
    public static Parser<bool> Close(Token open) => Rule(input => ReadCloser(input, open));

    public static IResult<ImmutableArray<T>> ReadItems<T>(TokenInput input, Token open, Func<TokenInput, IResult<T>> item, TokenSet starts, TokenSet stops = default)
    {
        stops = stops.With(new(Spelling.CloserKind(open.Kind)));
        ImmutableArray<T>.Builder items = ImmutableArray.CreateBuilder<T>();
        int height = 0;
        bool isBroken = false;
        bool more = !stops.Has(input.Kind) && !(IsWall(input.Kind) && !starts.Has(input.Kind));
        while (more)
        {
            int start = input.Index;
            IResult<T> result = item(input);
            items.Add(result.Value);
            height = Math.Max(height, input.Session.Height);
            bool hasItem = result.Rest().Index > start;
            (input, more) = Separate(result.Rest(), open, hasItem ? starts : default, stops, ref isBroken);
            if (!hasItem && open.Match < 0)
            {
                input.Session.Quieten(input.Index);
                more = false;
            }
        }

        input.Session.Height = height;
        return Success(items.ToImmutable(), input);
    }

    public static IResult<bool> ReadCloser(TokenInput input, Token open)
    {
        GenSource source = input.Session.Source;
        if (input.Kind == Spelling.CloserKind(open.Kind))
        {
            return Success(true, input.Next());
        }

        string closer = Spelling.Closer(open.Kind);
        bool isOther = input.Kind is TokenKind.CloseParen or TokenKind.CloseBracket;
        if (isOther && (input.Token.Match < 0 || input.Session.Tokens[input.Token.Match] == open))
        {
            input.Report(SyntaxDiagnostics.WrongCloser(source, input.Token.Span, open.Text, open.Span, closer, input.Token.Text));
            return Success(false, input.Next());
        }

        input.Report(SyntaxDiagnostics.MissingCloser(source, input.Gap, open.Text, open.Span, closer, Spelling.Found(input)));
        return Success(false, input);
    }

    /// <summary>Steps from one item to the next. A list is complained about once: what follows the first slip is its echo.</summary>
    private static (TokenInput Next, bool More) Separate(TokenInput input, Token open, TokenSet starts, TokenSet stops, ref bool isBroken)
    {
        GenSource source = input.Session.Source;
        if (input.Kind == TokenKind.Comma)
        {
            TokenInput next = input.Next();
            if (stops.Has(next.Kind))
            {
                next.Report(SyntaxDiagnostics.TrailingComma(source, input.Token.Span, next.Token.Text));
            }

            return (next, !stops.Has(next.Kind));
        }

        if (stops.Has(input.Kind) || IsWall(input.Kind) || open.Match < 0 || open.Match == input.Index)
        {
            return (input, false);
        }

        if (isBroken)
        {
            input.Session.Quieten(input.Index);
        }

        isBroken = true;
        string closer = Spelling.Closer(open.Kind);
        if (starts.Has(input.Kind) && input.Kind is TokenKind.Word or TokenKind.Number or TokenKind.String)
        {
            input.Report(SyntaxDiagnostics.MissingComma(source, input.Token.Span, input.Gap, closer, Spelling.Found(input)));
            return (input, true);
        }

        string expected = "',' or " + Spelling.Quoted(closer);
        input.Report(SyntaxDiagnostics.Expected(source, input.Trouble, expected, Spelling.Before(input), Spelling.Found(input)));
        input = Skip.To(input, stops.With(TokenSets.Walls).With(new(TokenKind.Comma)));
        return input.Kind == TokenKind.Comma ? (input.Next(), true) : (input, false);
    }

    private static bool IsWall(TokenKind kind) => TokenSets.Walls.Has(kind);
}
