using System.Globalization;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary>Element types: <c>f32[1, 28, 28] in [-1, 1]</c>, <c>class[10]</c>, <c>mulaw[256][T]</c>.</summary>
internal static class Elements
{
    private static readonly TokenSet s_rangeEnds = TokenSets.ExpressionEnds.With(new(TokenKind.Equals, TokenKind.Tilde));

    private static readonly Parser<IntervalSyntax?> s_interval =
        from start in Here
        from open in Token(TokenKind.OpenBracket).Or(Token(TokenKind.OpenParen))
        from low in Expressions.Expression
        from comma in Expect(TokenKind.Comma, ",", "the lower end of an interval")
        from high in Expressions.Expression
        from close in Brackets.Close(open)
        from end in Here
        select new IntervalSyntax(low, high, start.To(end));

    private static readonly Parser<IntervalSyntax?> s_range = Rule(input =>
    {
        if (!input.Token.Is("in"))
        {
            return Success<IntervalSyntax?>(null, input);
        }

        TokenInput next = input.Next();
        if (next.Kind != TokenKind.OpenBracket)
        {
            next.Report(SyntaxDiagnostics.Expected(next.Session.Source, next.Trouble, "an interval such as '[-1, 1]'", "'in'", Spelling.Found(next)));
        }

        return next.Kind is TokenKind.OpenBracket or TokenKind.OpenParen
            ? s_interval(next)
            : Success<IntervalSyntax?>(null, Skip.To(next, s_rangeEnds));
    });

    private static readonly Parser<ShapeSyntax?> s_bracket = Rule(input =>
        input.Kind == TokenKind.OpenBracket ? Shapes.Bracketed(input) : Success<ShapeSyntax?>(null, input));

    /// <summary>An element type that has to be here.</summary>
    public static readonly Parser<ElementTypeSyntax> Element =
        from start in Here
        from word in Word
        from first in s_bracket
        from second in SecondBracket(word, first)
        from after in Here
        from range in s_range
        from end in Here
        select Build(word, first, second, range, start.To(end).To(word.Span), after);

    /// <summary>The element word; one that is none is reported and becomes a missing name, so that nothing complains about it again.</summary>
    private static Parser<NameSyntax> Word => Rule(input =>
    {
        if (input.Kind == TokenKind.Word && Words.Elements.Has(input.Token.Text))
        {
            return Success(new NameSyntax(input.Token.Text, input.Token.Span), input.Next());
        }

        bool isWord = input.Kind == TokenKind.Word;
        string? guess = isWord ? SpellChecker.Nearest(input.Token.Text, Words.Elements) : null;
        input.Report(SyntaxDiagnostics.ElementExpected(input.Session.Source, input.Trouble, Spelling.Found(input), guess));
        TokenInput rest = isWord ? input.Next() : input;
        if (rest.Kind != TokenKind.OpenBracket)
        {
            rest.Session.Quieten(rest.Index);
        }

        return Success(new NameSyntax("", isWord ? input.Token.Span : input.Gap), rest);
    });

    private static Parser<ShapeSyntax?> SecondBracket(NameSyntax element, ShapeSyntax? first) => Rule(input =>
    {
        GenSource source = input.Session.Source;
        bool isCounted = Words.CountedElements.Has(element.Text);
        if (first is null && !element.IsMissing)
        {
            input.Report(SyntaxDiagnostics.ElementIncomplete(source, element.Span, element.Text, isCounted));
        }

        bool isCount = first is { Rows: null, RowType: null, Dims.Length: 1 };
        if (isCounted && first is not null && !(isCount && first.Dims[0] is MissingExpression || isCount && (IsWhole(first.Dims[0]) || element.Text == Words.AnyElement || (first.Dims[0] is IdentifierSyntax && element.Text is "class" or "code"))))
        {
            input.Session.Diagnostics.Add(SyntaxDiagnostics.CountExpected(source, first.Span, element.Text));
        }

        return isCounted || element.IsMissing ? s_bracket(input) : Success<ShapeSyntax?>(null, input);
    });

    private static bool IsWhole(ExpressionSyntax expression) =>
        expression is NumberSyntax number && int.TryParse(number.Lexeme, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static ElementTypeSyntax Build(NameSyntax word, ShapeSyntax? first, ShapeSyntax? second, IntervalSyntax? range, TextSpan span, TokenInput after)
    {
        bool isCounted = Words.CountedElements.Has(word.Text) || second is not null;
        ExpressionSyntax? count = isCounted && first is { Rows: null, Dims.Length: 1 } ? first.Dims[0] : null;
        ShapeSyntax? shape = isCounted ? second : first;
        return new(word, count, shape ?? Shapes.Empty(after), range, span);
    }
}
