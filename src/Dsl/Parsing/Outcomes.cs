using GenDsl.Dsl.Syntax;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary>Statements that state what a model costs and what a trainer shows.</summary>
internal static class Outcomes
{
    /// <summary><c>cost e</c>.</summary>
    public static readonly Parser<StatementSyntax> Cost =
        from start in Here
        from word in Step
        from value in Expressions.Expression
        from end in Here
        select new CostSyntax(value, start.To(end));

    /// <summary><c>report name = e</c> or <c>report e</c>.</summary>
    public static readonly Parser<StatementSyntax> Report =
        from start in Here
        from word in Step
        from name in s_label
        from value in Expressions.Expression
        from end in Here
        select new ReportSyntax(name, value, start.Token.Doc, start.To(end));

    /// <summary><c>sample name(arguments) = e</c>.</summary>
    public static readonly Parser<StatementSyntax> Sample =
        from start in Here
        from word in Step
        from name in Name("a sample")
        from header in s_arguments
        from sign in Assign("the name of a sample")
        from value in Expressions.Expression
        from end in Here
        select new SampleSyntax(name, header, value, start.Token.Doc, start.To(end));

    /// <summary><c>evaluate name(sources) { }</c>.</summary>
    public static readonly Parser<StatementSyntax> Evaluate =
        from start in Here
        from word in Step
        from mode in Header
        from name in Name("an evaluation")
        from header in Headers.Data
        from body in Blocks.Block
        from end in Here
        select new EvaluateSyntax(name, header, body, start.Token.Doc, start.To(end));

    private static readonly Parser<NameSyntax> s_name = Name("a report");

    private static readonly Parser<NameSyntax?> s_label = Rule(input =>
    {
        if (input.Kind != TokenKind.Word || input.Following.Kind is not (TokenKind.Equals or TokenKind.ColonEquals))
        {
            return Success<NameSyntax?>(null, input);
        }

        IResult<NameSyntax> name = s_name(input);
        return Success<NameSyntax?>(name.Value, Assign("the name of a report")(name.Rest()).Rest());
    });

    private static readonly Parser<HeaderSyntax?> s_arguments = Rule(input =>
        input.Kind == TokenKind.OpenParen ? Headers.Data(input) : Success<HeaderSyntax?>(null, input));
}
