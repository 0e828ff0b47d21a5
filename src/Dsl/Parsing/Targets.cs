using System.Collections.Immutable;
using System.Linq;
using GenDsl.Dsl.Syntax;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary>What stands behind <c>over</c>: nets and parts, each possibly without some of its own parts, or at a scaled rate.</summary>
internal static class Targets
{
    private static readonly Parser<ExpressionSyntax> s_part = Rule(input =>
    {
        IResult<ExpressionSyntax> whole = Expressions.Expression(input);
        TokenInput word = whole.Rest();
        if (!IsWord(word, "except"))
        {
            return whole;
        }

        IResult<ExpressionSyntax> without = Expressions.Expression(word.Next());
        ImmutableArray<ExpressionSyntax> parts = without.Value is TupleSyntax tuple ? tuple.Items : [without.Value];
        return Success<ExpressionSyntax>(new ExceptSyntax(whole.Value, parts, Expressions.Whole(input, whole.Value, without.Rest())), without.Rest());
    });

    private static readonly Parser<ExpressionSyntax> s_target = Rule(input =>
    {
        IResult<ExpressionSyntax> part = s_part(input);
        TokenInput word = part.Rest();
        if (!IsWord(word, "at"))
        {
            return part;
        }

        IResult<ExpressionSyntax> scale = Expressions.Expression(word.Next());
        return Success<ExpressionSyntax>(new ScaledSyntax(part.Value, scale.Value, Expressions.Whole(input, part.Value, scale.Rest())), scale.Rest());
    });

    /// <summary>One target, or several in parentheses.</summary>
    public static readonly Parser<ImmutableArray<ExpressionSyntax>> All = Rule(input =>
    {
        if (IsListWithWords(input))
        {
            return Brackets.List(TokenKind.OpenParen, s_target, TokenSets.ExpressionStarts)(input);
        }

        IResult<ExpressionSyntax> target = s_target(input);
        ImmutableArray<ExpressionSyntax> targets = target.Value is TupleSyntax tuple ? tuple.Items : [target.Value];
        return Success(targets, target.Rest());
    });

    private static bool IsWord(TokenInput input, string word) => input.Token.Is(word) && TokenSets.ExpressionStarts.Has(input.Following.Kind);

    // Other lists are tuples: only here may words stand between names.
    private static bool IsListWithWords(TokenInput input) => input.Kind == TokenKind.OpenParen && input.Token.Match > 0
        && Enumerable.Range(input.Index, input.Token.Match - input.Index).Select(i => input.Session.Tokens[i]).Any(t => t.Is("except") || t.Is("at"));
}
