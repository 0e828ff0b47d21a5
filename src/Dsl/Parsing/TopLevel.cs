using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using Sprache;

namespace GenDsl.Dsl.Parsing;

/// <summary>Decides which declaration stands at the top level, and what is wrong where none does.</summary>
internal static class TopLevel
{
    /// <summary>The declaration that begins here; null, with a report, where none does.</summary>
    public static Parser<DeclarationSyntax>? Choose(TokenInput input)
    {
        bool isWord = input.Kind is TokenKind.Word or TokenKind.DeclarationWord;
        if (isWord && Declarations.Of(input.Token.Text) is { } known)
        {
            return known;
        }

        string? guess = isWord && input.Following.Kind == TokenKind.Word ? KeywordGuess.Declaration(input.Token.Text) : null;
        if (!input.IsQuiet)
        {
            input.Report(guess is null ? Complaint(input) : SyntaxDiagnostics.MisspeltDeclaration(input.Session.Source, input.Token.Span, input.Token.Text, guess));
        }

        return guess is null ? null : Declarations.Of(guess);
    }

    /// <summary>Why the text here is no declaration.</summary>
    public static GenDiagnostic Complaint(TokenInput input)
    {
        GenSource source = input.Session.Source;
        Token token = input.Token;
        bool isWord = input.Kind is TokenKind.Word or TokenKind.DeclarationWord;
        if (token.Text == "gen" && isWord && input.Following.Kind == TokenKind.Number)
        {
            return SyntaxDiagnostics.EditionNotFirst(source, token.Span.To(input.Following.Span));
        }

        if (isWord && Words.LaterDeclarations.Has(token.Text) && input.Following.Kind == TokenKind.Word)
        {
            return SyntaxDiagnostics.LaterEdition(source, token.Span, Spelling.Quoted(token.Text), "declaration", Words.Declarations);
        }

        if (input.Kind is TokenKind.CloseBrace or TokenKind.CloseParen or TokenKind.CloseBracket)
        {
            return SyntaxDiagnostics.StrayCloser(source, token.Span, token.Text);
        }

        bool isStatement = isWord && (TokenSets.StatementMarks.Has(input.Following.Kind) || (Words.Statements.Has(token.Text) && input.Following.Kind == TokenKind.Word));
        string? near = isWord && !isStatement ? SpellChecker.Nearest(token.Text, Words.Declarations) : null;
        return SyntaxDiagnostics.DeclarationExpected(source, token.Span, Spelling.Found(input), isStatement, near);
    }
}
