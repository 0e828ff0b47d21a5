using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Syntax;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary>What stands behind <c>over</c>: nets and parts, each possibly without some of its own parts.</summary>
internal static class Targets
{
    private static readonly Parser<ExpressionSyntax> s_target = Rule(input =>
    {
        IResult<ExpressionSyntax> whole = Expressions.Expression(input);
        TokenInput word = whole.Rest();
        if (!word.Token.Is("except") || !TokenSets.ExpressionStarts.Has(word.Following.Kind))
        {
            return whole;
        }

        IResult<ExpressionSyntax> without = Expressions.Expression(word.Next());
        ImmutableArray<ExpressionSyntax> parts = without.Value is TupleSyntax tuple ? tuple.Items : [without.Value];
        return Success<ExpressionSyntax>(new ExceptSyntax(whole.Value, parts, Expressions.Whole(input, whole.Value, without.Rest())), without.Rest());
    });

    /// <summary>One target, or several in parentheses.</summary>
    public static readonly Parser<ImmutableArray<ExpressionSyntax>> All = Rule(input =>
    {
        if (IsListWithExcept(input))
        {
            return Brackets.List(TokenKind.OpenParen, s_target, TokenSets.ExpressionStarts)(input);
        }

        IResult<ExpressionSyntax> target = s_target(input);
        ImmutableArray<ExpressionSyntax> targets = target.Value is TupleSyntax tuple ? tuple.Items : [target.Value];
        return Success(targets, target.Rest());
    });

    // Other lists are tuples: only here may 'except' stand between names.
    private static bool IsListWithExcept(TokenInput input) => input.Kind == TokenKind.OpenParen && input.Token.Match > 0
        && Enumerable.Range(input.Index, input.Token.Match - input.Index).Any(i => input.Session.Tokens[i].Is("except"));
}
