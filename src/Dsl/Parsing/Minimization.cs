using System;
using System.Collections.Immutable;
using GenDsl.Dsl.Syntax;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary><c>minimize L over T with o</c>; a line may begin with <c>over</c> or <c>with</c>. <c>constrain T: c</c>.</summary>
internal static class Minimization
{
    public static readonly Parser<StatementSyntax> Minimize =
        from start in Here
        from word in Step
        from objective in Part("over", Expressions.Expression, hole => hole)
        from moves in s_moves
        from end in Here
        select new MinimizeSyntax(objective, moves, start.To(end));

    /// <summary><c>constrain T: c</c>.</summary>
    public static readonly Parser<StatementSyntax> Constrain =
        from start in Here
        from word in Step
        from target in Expressions.Expression
        from colon in Expect(TokenKind.Colon, ":", "the net of a constraint")
        from constraint in Expressions.Expression
        from end in Here
        select new ConstrainSyntax(target, constraint, start.To(end));

    private static readonly Parser<MoveSyntax> s_move =
        from start in Here
        from over in Clause("over", "the objective")
        from targets in Part("with", Targets.All, hole => [hole])
        from with in Clause("with", "the nets to train")
        from optimizer in Expressions.Expression
        from end in Here
        select new MoveSyntax(targets, optimizer, targets.IsEmpty ? start.To(end) : Expressions.Whole(start, targets[0], end));

    // The first one must be there; a word 'over' that begins another statement ends the list.
    private static readonly Parser<ImmutableArray<MoveSyntax>> s_moves = Rule(input =>
    {
        ImmutableArray<MoveSyntax>.Builder moves = ImmutableArray.CreateBuilder<MoveSyntax>();
        TokenInput rest = input;
        do
        {
            IResult<MoveSyntax> move = s_move(rest);
            moves.Add(move.Value);
            rest = move.Rest();
        }
        while (BeginsMove(rest.Kind == TokenKind.NewLine ? rest.Next() : rest));
        return Success(moves.ToImmutable(), rest);
    });

    private static bool BeginsMove(TokenInput input) => input.Token.Is("over") && input.Following.Kind is (TokenKind.Word or TokenKind.OpenParen);

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
