using GenDsl.Dsl.Syntax;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary>Statements with a block.</summary>
internal static class Loops
{
    /// <summary><c>for i in a..b { }</c>.</summary>
    public static readonly Parser<StatementSyntax> For =
        from start in Here
        from word in Step
        from header in Header
        from index in Name("the index of a loop", follower: "in")
        from inside in Keyword("in", "the index of a loop", TokenSets.ExpressionEnds)
        from low in Expressions.Expression
        from dots in Expect(TokenKind.DotDot, "..", "the lower bound of a loop")
        from high in Expressions.Expression
        from body in Blocks.Block
        from end in Here
        select new ForSyntax(index, low, high, body, start.To(end));

    /// <summary><c>repeat n { }</c>.</summary>
    public static readonly Parser<StatementSyntax> Repeat = Rounds(accumulates: false);

    /// <summary><c>accumulate n { }</c>.</summary>
    public static readonly Parser<StatementSyntax> Accumulate = Rounds(accumulates: true);

    /// <summary><c>every n steps { }</c>.</summary>
    public static readonly Parser<StatementSyntax> Every =
        from start in Here
        from word in Step
        from header in Header
        from count in Expressions.Expression
        from unit in Keyword("steps", "a number of steps", TokenSets.ExpressionEnds)
        from body in Blocks.Block
        from end in Here
        select new EverySyntax(count, body, start.To(end));

    /// <summary><c>guide { }</c>.</summary>
    public static readonly Parser<StatementSyntax> Guide =
        from start in Here
        from word in Step
        from header in Header
        from body in Blocks.Block
        from end in Here
        select new GuideSyntax(body, start.To(end));

    private static Parser<StatementSyntax> Rounds(bool accumulates) =>
        from start in Here
        from word in Step
        from header in Header
        from count in Expressions.Expression
        from body in Blocks.Block
        from end in Here
        select new RepeatSyntax(count, accumulates, body, start.To(end));
}
