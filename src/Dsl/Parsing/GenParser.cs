using System.Threading;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using Sprache;

namespace GenDsl.Dsl.Parsing;

/// <summary>Turns text into syntax trees. Any text gives a whole tree; what is wrong with it goes into the diagnostics.</summary>
public static class GenParser
{
    /// <summary>Parses a file.</summary>
    /// <exception cref="System.OperationCanceledException">The only exception.</exception>
    public static FileSyntax Parse(GenSource source, DiagnosticBag diagnostics, CancellationToken cancel = default) =>
        Files.File(Start(source, diagnostics, cancel)).Value;

    /// <summary>Parses a text that is one expression; line ends around it are blanks.</summary>
    public static ExpressionSyntax ParseExpression(GenSource source, DiagnosticBag diagnostics, CancellationToken cancel = default)
    {
        TokenInput start = Start(source, diagnostics, cancel).WithHeader(true);
        IResult<ExpressionSyntax> result = Expressions.Condition(start);
        TokenInput rest = result.Rest();
        if (!rest.AtEnd)
        {
            rest.Report(SyntaxDiagnostics.StatementEndExpected(source, rest.Token.Span, Spelling.Before(rest), Spelling.Found(rest)));
        }

        return result.Value;
    }

    private static TokenInput Start(GenSource source, DiagnosticBag diagnostics, CancellationToken cancel) =>
        new(new ParseSession(source, diagnostics, cancel), index: 0, depth: 0, inHeader: false);
}
