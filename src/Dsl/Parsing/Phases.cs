using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary><c>phase name for n epochs of source { }</c>; the length and the source may be absent.</summary>
internal static class Phases
{
    private static readonly Parser<NameSyntax> s_unit = Rule(input =>
    {
        if (input.Token.Is("epochs") || input.Token.Is("steps"))
        {
            return Success(new NameSyntax(input.Token.Text, input.Token.Span), input.Next());
        }

        bool isWord = input.Kind == TokenKind.Word && !input.Token.Is("of");
        string? meant = input.Token.Is("epoch") ? "epochs" : input.Token.Is("step") ? "steps" : null;
        input.Report(SyntaxDiagnostics.Expected(input.Session.Source, input.Trouble, "'epochs' or 'steps'", "the length of a phase", Spelling.Found(input), meant));
        return Success(new NameSyntax(meant ?? "", input.Gap), isWord ? input.Next() : input);
    });

    private static readonly Parser<PhaseLengthSyntax?> s_given =
        from start in Here
        from word in Step
        from count in Expressions.Expression
        from unit in s_unit
        from end in Here
        select new PhaseLengthSyntax(count, unit, start.To(end));

    private static readonly Parser<PhaseLengthSyntax?> s_length = Rule(input => input.Token.Is("for") ? s_given(input) : Success<PhaseLengthSyntax?>(null, input));

    private static readonly Parser<NameSyntax> s_source = Name("the source of a phase");

    private static readonly Parser<NameSyntax?> s_clock = Rule(input =>
    {
        if (!input.Token.Is("of"))
        {
            return Success<NameSyntax?>(null, input);
        }

        IResult<NameSyntax> name = s_source(input.Next());
        return Success<NameSyntax?>(name.Value, name.Rest());
    });

    // Ending a phase by what it reaches is planned; its condition is read over.
    private static readonly Parser<bool> s_until = Rule(input =>
    {
        if (!input.Token.Is("until"))
        {
            return Success(false, input);
        }

        input.Report(SyntaxDiagnostics.LaterEdition(input.Session.Source, input.Token.Span, "'until'", "phase", ["'phase name'", "'phase name for 30 epochs'", "'phase name for 2000 steps'"]));
        return Success(true, Skip.To(input.Next(), TokenSets.ExpressionEnds));
    });

    /// <summary><c>solve W = e</c>.</summary>
    public static readonly Parser<StatementSyntax> Solve =
        from start in Here
        from word in Step
        from name in Name("what is solved for")
        from sign in Assign("what is solved for")
        from value in Expressions.Expression
        from end in Here
        select new SolveSyntax(name, value, start.Token.Doc, start.To(end));

    /// <summary>A phase with its body.</summary>
    public static readonly Parser<StatementSyntax> Phase =
        from start in Here
        from word in Step
        from header in Header
        from name in Name("a phase", follower: "for")
        from length in s_length
        from clock in s_clock
        from until in s_until
        from body in Blocks.Block
        from end in Here
        select new PhaseSyntax(name, length, clock, body, start.Token.Doc, start.To(end));
}
