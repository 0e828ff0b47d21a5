using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary>A whole file: its edition and its declarations.</summary>
internal static class Files
{
    private static readonly TokenSet s_blanks = new(TokenKind.NewLine, TokenKind.Semicolon);
    private static readonly TokenSet s_declarationEnds = new(TokenKind.NewLine, TokenKind.Semicolon, TokenKind.End, TokenKind.DeclarationWord);

    public static readonly Parser<FileSyntax> File =
        from start in Here
        from edition in s_edition
        from declarations in s_declarations
        from end in Here
        select Build(edition, declarations, start.Session);

    private static readonly Parser<(int? Number, TextSpan Span)> s_edition = Rule(input =>
    {
        if (!input.Token.Is("gen") || input.Following.Kind is TokenKind.Word)
        {
            return Success(((int?)null, new TextSpan(0, 0)), input);
        }

        TokenInput number = input.Next();
        bool isNumber = number.Kind == TokenKind.Number;
        TextSpan span = isNumber ? input.Token.Span.To(number.Token.Span) : input.Token.Span;
        bool isWhole = int.TryParse(number.Token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int edition);
        if (number.Token.Text != Words.Edition)
        {
            number.Report(SyntaxDiagnostics.UnknownEdition(input.Session.Source, number.Trouble, Spelling.Found(number), Words.Edition));
        }

        TokenInput rest = isNumber ? number.Next() : number;
        return Success((isWhole ? (int?)edition : null, span), EndOfDeclaration(rest));
    });

    private static readonly Parser<IReadOnlyList<DeclarationSyntax>> s_declarations = Rule(input =>
    {
        List<DeclarationSyntax> declarations = [];
        for (input = SkipBlanks(input); !input.AtEnd; input = SkipBlanks(input))
        {
            input.Session.Cancel.ThrowIfCancellationRequested();
            Parser<DeclarationSyntax>? parser = TopLevel.Choose(input);
            if (parser is null)
            {
                input = Skip.Declaration(input.Next());
                continue;
            }

            int complaints = input.Session.Complaints;
            IResult<DeclarationSyntax> result = parser(input);
            declarations.Add(result.Value);
            bool isBroken = result.Value is SpaceSyntax && input.Session.Complaints > complaints;
            input = EndOfDeclaration(result.Rest().WithHeader(false), isBroken);
        }

        return Success<IReadOnlyList<DeclarationSyntax>>(declarations, input);
    });

    private static TokenInput EndOfDeclaration(TokenInput input, bool isBroken = false)
    {
        if (s_declarationEnds.Has(input.Kind))
        {
            return input;
        }

        if (input.Kind == TokenKind.Word && Words.Declarations.Has(input.Token.Text) && input.Following.Kind == TokenKind.Word)
        {
            input.Report(SyntaxDiagnostics.NewLineExpected(input.Session.Source, input.Token.Span, input.Gap, input.Token.Text));
            return input;
        }

        if (!isBroken)
        {
            input.Report(TopLevel.Complaint(input));
        }

        return Skip.To(input, s_declarationEnds);
    }

    private static TokenInput SkipBlanks(TokenInput input)
    {
        while (s_blanks.Has(input.Kind))
        {
            input = input.Next();
        }

        return input;
    }

    private static FileSyntax Build((int? Number, TextSpan Span) edition, IReadOnlyList<DeclarationSyntax> declarations, ParseSession session)
    {
        IEnumerable<DeclarationSyntax> all = session.Misplaced.Count == 0 ? declarations : declarations.Concat(session.Misplaced).OrderBy(d => d.Span.Start);
        return new(edition.Number, edition.Span, [.. all], new TextSpan(0, session.Source.Text.Length));
    }
}
