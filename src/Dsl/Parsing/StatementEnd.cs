using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Parsing;

/// <summary>What may follow a statement on its line: nothing. The rest is reported once and skipped.</summary>
internal static class StatementEnd
{
    /// <summary>The place where the next statement may begin.</summary>
    /// <param name="start">Where the statement began.</param>
    /// <param name="end">Where its reading stopped.</param>
    /// <param name="isBroken">The statement was complained about already: what is left of it is an echo.</param>
    public static TokenInput Check(TokenInput start, TokenInput end, bool isBroken)
    {
        if (TokenSets.StatementEnds.Has(end.Kind))
        {
            return end;
        }

        if (!isBroken)
        {
            end.Report(Complaint(start, end));
        }

        return Skip.Statement(end);
    }

    private static GenDiagnostic Complaint(TokenInput start, TokenInput end)
    {
        GenSource source = end.Session.Source;
        TextSpan span = end.Token.Span;
        switch (end.Kind)
        {
            case TokenKind.CloseParen or TokenKind.CloseBracket:
                return SyntaxDiagnostics.StrayCloser(source, span, end.Token.Text);
            case TokenKind.Equals or TokenKind.ColonEquals when end.Index > start.Index:
                return SyntaxDiagnostics.CannotBind(source, start.To(end), source.Text.Substring(start.Position, start.To(end).Length));
            case TokenKind.Word when end.Token.Text is "over" or "with" && KeywordGuess.Statement(start.Token.Text) == "minimize":
                return SyntaxDiagnostics.MisspeltStatement(source, start.Token.Span, start.Token.Text, "minimize");
            case TokenKind.Word when end.Token.Text == "else":
                return SyntaxDiagnostics.Expected(source, span, "'if'", "the start of the conditional", "'else'");
            default:
                return SyntaxDiagnostics.StatementEndExpected(source, span, Spelling.Before(end), Spelling.Found(end));
        }
    }
}
