using System.Collections.Immutable;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary>The declarations. Each is chosen by its keyword, which the caller has recognised.</summary>
internal static class Declarations
{
    private static readonly Parser<DeclarationSyntax> s_space =
        from start in Here
        from word in Step
        from name in Name("a space")
        from sign in Assign("the name of a space")
        from type in Elements.Element
        from law in s_law
        from end in Here
        select new SpaceSyntax(name, type, law, start.Token.Doc, start.To(end));

    private static readonly Parser<DeclarationSyntax> s_preset =
        from start in Here
        from word in Step
        from name in Name("a preset")
        from sign in Assign("the name of a preset")
        from value in Expressions.Expression
        from end in Here
        select new PresetSyntax(name, new NameSyntax(start.Token.Text, start.Token.Span), value, start.Token.Doc, start.To(end));

    private static readonly Parser<ExpressionSyntax?> s_law = Rule(input =>
        input.Kind == TokenKind.Tilde ? Expressions.Expression(input.Next()) : Success<ExpressionSyntax?>(null, input));

    private static readonly Parser<DeclarationSyntax> s_net =
        from start in Here
        from word in Step
        from mode in Header
        from name in Name("a net")
        from header in Headers.Header
        from results in Headers.Results
        from facts in Headers.Facts
        from body in Blocks.Block
        from end in Here
        select new NetSyntax(name, header, results, facts, body, start.Token.Doc, start.To(end));

    /// <summary>Only nets declare results.</summary>
    private static readonly Parser<bool> s_noResults = Rule(input =>
    {
        if (input.Kind is not (TokenKind.Arrow or TokenKind.FatArrow))
        {
            return Success(true, input);
        }

        input.Report(SyntaxDiagnostics.ResultsOnlyOfNets(input.Session.Source, input.Token.Span));
        return Success(false, Headers.Results(input).Rest());
    });

    private static readonly Parser<DeclarationSyntax> s_loss = WithBody("a loss", (name, header, facts, body, start, end) =>
        new LossSyntax(name, header, facts, body, start.Token.Doc, start.To(end)));

    private static readonly Parser<DeclarationSyntax> s_flow = WithBody("a flow", (name, header, facts, body, start, end) =>
        new FlowSyntax(name, header, facts, body, start.Token.Doc, start.To(end)));

    private static readonly Parser<DeclarationSyntax> s_model = WithBody("a model", (name, header, facts, body, start, end) =>
        new ModelSyntax(name, header, facts, body, start.Token.Doc, start.To(end)));

    private static readonly Parser<DeclarationSyntax> s_trainer = WithBody("a trainer", (name, header, facts, body, start, end) =>
        new TrainerSyntax(name, header, facts, body, start.Token.Doc, start.To(end)));

    private delegate DeclarationSyntax Make(
        NameSyntax name, HeaderSyntax header, ImmutableArray<ExpressionSyntax> facts, BlockSyntax body, TokenInput start, TokenInput end);

    /// <summary>A declaration inside a block, where none belongs; the caller has recognised its keyword.</summary>
    public static readonly Parser<DeclarationSyntax> Inner = Rule(input => Of(input.Token.Text)!(input));

    /// <summary>The parser of the declarations that begin with a keyword; null for other words.</summary>
    public static Parser<DeclarationSyntax>? Of(string keyword) => keyword switch
    {
        "space" => s_space,
        "net" => OrPreset(s_net),
        "loss" => s_loss,
        "flow" => OrPreset(s_flow),
        "model" => OrPreset(s_model),
        "trainer" => OrPreset(s_trainer),
        _ => null,
    };

    /// <summary><c>model Wide = Vae(...)</c> is told from a declaration with a body by the sign behind the name.</summary>
    private static Parser<DeclarationSyntax> OrPreset(Parser<DeclarationSyntax> full) =>
        Rule(input => input.Next().Following.Kind == TokenKind.Equals ? s_preset(input) : full(input));

    private static Parser<DeclarationSyntax> WithBody(string what, Make make) =>
        from start in Here
        from word in Step
        from mode in Header
        from name in Name(what)
        from header in Headers.Header
        from arrow in s_noResults
        from facts in Headers.Facts
        from body in Blocks.Block
        from end in Here
        select make(name, header, facts, body, start, end);
}
