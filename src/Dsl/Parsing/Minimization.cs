using System;
using GenDsl.Dsl.Syntax;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary><c>minimize L over T with o</c>; a line may begin with <c>over</c> or <c>with</c>.</summary>
internal static class Minimization
{
    public static readonly Parser<StatementSyntax> Minimize =
        from start in Here
        from word in Step
        from objective in Part("over", Expressions.Expression, hole => hole)
        from over in Clause("over", "the objective")
        from targets in Part("with", Targets.All, hole => [hole])
        from with in Clause("with", "the nets to train")
        from optimizer in Expressions.Expression
        from end in Here
        select new MinimizeSyntax(objective, targets, optimizer, start.To(end));

    private static Parser<bool> Clause(string word, string after) => Rule(input =>
    {
        bool isOnNextLine = input.Kind == TokenKind.NewLine && input.Following.Is(word);
        return Keyword(word, after, TokenSets.StatementEnds)(isOnNextLine ? input.Next() : input);
    });

    private static Parser<T> Part<T>(string follower, Parser<T> parser, Func<ExpressionSyntax, T> hole) => Rule(input =>
    {
        bool isEmptyLine = input.Kind == TokenKind.NewLine && input.Following.Is(follower);
        if (!isEmptyLine && !Lacks(input, follower))
        {
            return parser(input);
        }

        IResult<ExpressionSyntax> missing = Primaries.Missing(input);
        return Success(hole(missing.Value), missing.Rest());
    });
}
