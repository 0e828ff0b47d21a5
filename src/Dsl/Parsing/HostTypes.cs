using System.Globalization;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary><c>int</c>, <c>int >= 0</c>, <c>float</c> and the other types of hyperparameters.</summary>
internal static class HostTypes
{
    /// <summary>A host type; the word has been recognised by the caller.</summary>
    public static readonly Parser<HostTypeSyntax> Host =
        from start in Here
        from keyword in Name("a type")
        from minimum in Minimum(keyword.Text)
        from end in Here
        select new HostTypeSyntax(keyword, minimum, start.To(end));

    private static Parser<int?> Minimum(string keyword) => Rule(input =>
    {
        bool isBounded = keyword == "int" && input.Kind is TokenKind.GreaterEquals or TokenKind.Greater;
        if (!isBounded)
        {
            return Success<int?>(null, input);
        }

        TokenInput next = input.Next();
        int sign = 1;
        if (next.Kind == TokenKind.Minus)
        {
            (next, sign) = (next.Next(), -1);
        }

        bool isWhole = int.TryParse(next.Token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value < int.MaxValue;
        if (next.Kind != TokenKind.Number || !isWhole)
        {
            next.Report(SyntaxDiagnostics.WholeNumberExpected(next.Session.Source, next.Trouble, Spelling.Quoted(input.Token.Text), Spelling.Found(next)));
            return Success<int?>(null, next.Kind is TokenKind.Number or TokenKind.Word ? next.Next() : next);
        }

        return Success<int?>((sign * value) + (input.Kind == TokenKind.Greater ? 1 : 0), next.Next());
    });
}
