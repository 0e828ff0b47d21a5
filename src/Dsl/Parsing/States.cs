using GenDsl.Dsl.Syntax;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary>What outlives a step, <c>state name: type = e</c> and <c>name &lt;- e</c>, and functions of a trainer, <c>f(x) = e</c>.</summary>
internal static class States
{
    private static readonly Parser<TypeSyntax?> s_annotation = Rule(input =>
        input.Kind == TokenKind.Colon ? Types.Type(input.Next()) : Success<TypeSyntax?>(null, input));

    private static readonly Parser<NameSyntax> s_parameter = Name("a parameter");

    /// <summary><c>state name: type = e</c>; the type may be left out.</summary>
    public static readonly Parser<StatementSyntax> State =
        from start in Here
        from word in Step
        from name in Name("a state")
        from type in s_annotation
        from sign in Assign("the name of a state")
        from initial in Expressions.Expression
        from end in Here
        select new StateSyntax(name, type, initial, start.Token.Doc, start.To(end));

    /// <summary><c>given C = Classifier()</c>.</summary>
    public static readonly Parser<StatementSyntax> Given =
        from start in Here
        from word in Step
        from name in Name("a net")
        from sign in Assign("the name of a net")
        from value in Expressions.Expression
        from end in Here
        select new GivenSyntax(name, value, start.Token.Doc, start.To(end));

    /// <summary><c>name &lt;- e</c>; the caller has seen the arrow.</summary>
    public static readonly Parser<StatementSyntax> Write =
        from start in Here
        from name in Name("a state")
        from less in Step
        from minus in Step
        from value in Expressions.Expression
        from end in Here
        select new WriteSyntax(name, value, start.To(end));

    /// <summary><c>f(x, y) = e</c>; the caller has seen the parentheses and the sign.</summary>
    public static readonly Parser<StatementSyntax> Function =
        from start in Here
        from name in Name("a function")
        from parameters in Brackets.List(TokenKind.OpenParen, s_parameter, TokenSets.WordStarts)
        from sign in Assign("the parameters of a function")
        from value in Expressions.Expression
        from end in Here
        select new FunctionSyntax(name, parameters, value, start.To(end));
}
