using System.Collections.Immutable;
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
        from objective in Part("over", Expressions.Expression)
        from over in Clause("over", "the objective")
        from targets in Targets
        from with in Clause("with", "the nets to train")
        from optimizer in Expressions.Expression
        from end in Here
        select new MinimizeSyntax(objective, targets, optimizer, start.To(end));

    private static Parser<ImmutableArray<ExpressionSyntax>> Targets => Rule(input =>
    {
        IResult<ExpressionSyntax> target = Part("with", Expressions.Expression)(input);
        ImmutableArray<ExpressionSyntax> targets = target.Value is TupleSyntax tuple ? tuple.Items : [target.Value];
        return Success(targets, target.Rest());
    });

    private static Parser<bool> Clause(string word, string after) => Rule(input =>
    {
        bool isOnNextLine = input.Kind == TokenKind.NewLine && input.Following.Is(word);
        return Keyword(word, after, TokenSets.StatementEnds)(isOnNextLine ? input.Next() : input);
    });

    private static Parser<ExpressionSyntax> Part(string follower, Parser<ExpressionSyntax> parser) => Rule(input =>
    {
        bool isEmptyLine = input.Kind == TokenKind.NewLine && input.Following.Is(follower);
        return isEmptyLine || Lacks(input, follower) ? Primaries.Missing(input) : parser(input);
    });
}
