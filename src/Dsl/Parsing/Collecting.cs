using System.Collections.Immutable;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary><c>collect s = source { v = e, q = f } where c balance k to n</c>; the condition and the balance may be absent, and begin lines.</summary>
internal static class Collecting
{
    private static readonly Parser<CollectedColumnSyntax> s_column =
        from start in Here
        from name in Name("a collected column")
        from sign in Assign("the name of a collected column")
        from value in Expressions.Expression
        from end in Here
        select new CollectedColumnSyntax(name, value, start.To(end));

    private static readonly Parser<ImmutableArray<CollectedColumnSyntax>> s_list = Brackets.List(TokenKind.OpenBrace, s_column, TokenSets.WordStarts);

    // Between the braces line ends are blanks, behind them they end the statement.
    private static readonly Parser<ImmutableArray<CollectedColumnSyntax>> s_columns = Rule(input =>
    {
        if (input.Kind != TokenKind.OpenBrace)
        {
            input.Report(SyntaxDiagnostics.Expected(input.Session.Source, input.Trouble, "'{'", "the source that is gone over", Spelling.Found(input)));
            return Success(ImmutableArray<CollectedColumnSyntax>.Empty, input);
        }

        bool inHeader = input.InHeader;
        IResult<ImmutableArray<CollectedColumnSyntax>> columns = s_list(input.WithHeader(true));
        TokenInput rest = input.Token.Match > 0 && columns.Rest().Index > input.Token.Match ? input.WithHeader(inHeader).At(input.Token.Match + 1) : columns.Rest().WithHeader(inHeader);
        return Success(columns.Value, rest);
    });

    private static readonly Parser<ExpressionSyntax?> s_condition =
        from word in Step
        from condition in Expressions.Expression
        select condition;

    private static readonly Parser<BalanceSyntax?> s_given =
        from start in Here
        from word in Step
        from key in Expressions.Expression
        from to in Keyword("to", "what is balanced", TokenSets.ExpressionEnds)
        from count in Expressions.Expression
        from end in Here
        select new BalanceSyntax(key, count, start.To(end));

    /// <summary>Some rows of a source with new columns.</summary>
    public static readonly Parser<StatementSyntax> Collect =
        from start in Here
        from word in Step
        from name in Name("what is collected")
        from sign in Assign("the name of what is collected")
        from source in Name("the source that is gone over")
        from columns in s_columns
        from condition in Behind("where", s_condition)
        from balance in Behind("balance", s_given)
        from end in Here
        select new CollectSyntax(name, source, columns, condition, balance, start.Token.Doc, start.To(end));

    // A clause that may begin the next line, where it is no name.
    private static Parser<T?> Behind<T>(string word, Parser<T?> clause)
        where T : class => Rule(input =>
    {
        TokenInput at = input.Kind == TokenKind.NewLine ? input.Next() : input;
        return at.Token.Is(word) && TokenSets.ExpressionStarts.Has(at.Following.Kind) ? clause(at) : Success<T?>(null, input);
    });
}
