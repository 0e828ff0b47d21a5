using System.Collections.Immutable;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary><c>{ statement; statement }</c>.</summary>
internal static class Blocks
{
    private static readonly TokenSet s_blanks = new(TokenKind.NewLine, TokenKind.Semicolon);
    private static readonly TokenSet s_lineEnds = TokenSets.StatementEnds.With(new(TokenKind.OpenBrace));
    private static readonly TokenSet s_ends = new(TokenKind.CloseBrace, TokenKind.End, TokenKind.DeclarationWord);

    private static readonly Parser<ImmutableArray<StatementSyntax>> s_statements = Rule(input =>
    {
        ImmutableArray<StatementSyntax>.Builder statements = ImmutableArray.CreateBuilder<StatementSyntax>();
        for (input = SkipBlanks(input); !s_ends.Has(input.Kind); input = SkipBlanks(input))
        {
            input.Session.Cancel.ThrowIfCancellationRequested();
            int complaints = input.Session.Complaints;
            IResult<StatementSyntax> result = Statements.Statement(input);
            statements.Add(result.Value);
            TokenInput rest = StatementEnd.Check(input, result.Rest(), isBroken: input.Session.Complaints > complaints);
            input = rest.Index > input.Index ? rest : rest.Next();
        }

        return Success(statements.ToImmutable(), input);
    });

    private static readonly Parser<BlockSyntax> s_braced =
        from start in Here
        from open in Token(TokenKind.OpenBrace)
        from statements in LeaveHeader.Then(_ => s_statements)
        from close in Brackets.Close(open)
        from end in Here
        select new BlockSyntax(statements, start.To(end));

    /// <summary>A block that has to be here; a missing <c>{</c> is reported and read over.</summary>
    public static readonly Parser<BlockSyntax> Block =
        Nested(Rule(input => input.Kind == TokenKind.OpenBrace ? s_braced(input) : Unopened(input)), weight: 4, span => new BlockSyntax([], span), Skip.Block);

    private static Parser<TokenInput> LeaveHeader => Rule(input => Success(input, input.WithHeader(false)));

    private static IResult<BlockSyntax> Unopened(TokenInput input)
    {
        TextSpan gap = input.Gap;
        if (input.Session.Complaints > input.Session.HeaderMark)
        {
            input.Session.Quieten(input.Index);
        }

        input.Report(SyntaxDiagnostics.BlockExpected(input.Session.Source, input.Trouble, gap, Spelling.Before(input), Spelling.Found(input)));
        TokenInput body = input.WithHeader(false);
        TokenInput brace = Skip.To(body, s_lineEnds);
        if (brace.Kind == TokenKind.OpenBrace)
        {
            return s_braced(brace);
        }

        input.Session.Quieten(input.Index);
        if (!input.Session.HasStrayBrace(input.Index))
        {
            return Success(new BlockSyntax([], gap), body);
        }

        IResult<ImmutableArray<StatementSyntax>> statements = s_statements(body);
        TokenInput rest = statements.Rest().Kind == TokenKind.CloseBrace ? statements.Rest().Next() : statements.Rest();
        return Success(new BlockSyntax(statements.Value, TextSpan.FromBounds(gap.Start, rest.LastEnd)), rest);
    }

    private static TokenInput SkipBlanks(TokenInput input)
    {
        while (s_blanks.Has(input.Kind))
        {
            input = input.Next();
        }

        return input;
    }
}
