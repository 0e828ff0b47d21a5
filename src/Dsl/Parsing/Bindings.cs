using System.Collections.Immutable;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary>Statements that give a name a value.</summary>
internal static class Bindings
{
    /// <summary><c>name = e</c>.</summary>
    public static readonly Parser<StatementSyntax> Single =
        from start in Here
        from name in Name("a binding")
        from sign in Assign("a name")
        from value in Expressions.Expression
        from end in Here
        select new BindingSyntax([name], false, value, start.Token.Doc, start.To(end));

    private static readonly Parser<NameSyntax> s_part = Name("a part of a tuple");

    /// <summary><c>(a, b) = e</c>.</summary>
    public static readonly Parser<StatementSyntax> Tuple =
        from start in Here
        from names in Brackets.List(TokenKind.OpenParen, s_part, TokenSets.WordStarts)
        from sign in Assign("the names")
        from value in Expressions.Expression
        from end in Here
        select Destructure(names, value, start, end);

    /// <summary><c>name[i] = e</c>; the caller has seen the brackets and what follows them.</summary>
    public static readonly Parser<StatementSyntax> Element =
        from start in Here
        from name in Name("a family")
        from open in Token(TokenKind.OpenBracket)
        from index in Expressions.Expression
        from close in Brackets.Close(open)
        from sign in Assign("the part of a family")
        from value in Expressions.Expression
        from end in Here
        select new ElementBindingSyntax(name, index, value, start.To(end));

    /// <summary><c>name += e</c> and its kin.</summary>
    public static readonly Parser<StatementSyntax> Rebinding =
        from start in Here
        from name in Name("a binding")
        from sign in Step
        from value in Expressions.Expression
        from end in Here
        select new RebindingSyntax(name, sign.Text, value, start.To(end));

    /// <summary><c>name: type ~ distribution</c>.</summary>
    public static readonly Parser<StatementSyntax> Draw =
        from start in Here
        from name in Name("a draw")
        from type in s_annotation
        from sign in s_tilde
        from distribution in Expressions.Expression
        from end in Here
        select new DrawSyntax(name, type, distribution, start.Token.Doc, start.To(end));

    /// <summary><c>param name: shape = e</c>.</summary>
    public static readonly Parser<StatementSyntax> Param =
        from start in Here
        from word in Step
        from name in Name("a parameter")
        from colon in Expect(TokenKind.Colon, ":", "the name of a parameter")
        from shape in Shapes.Shape("the name of a parameter")
        from sign in Assign("the shape of a parameter")
        from initial in Expressions.Expression
        from end in Here
        select new ParamSyntax(name, shape, initial, start.Token.Doc, start.To(end));

    private static readonly Parser<TypeSyntax?> s_annotation = Rule(input =>
        input.Kind == TokenKind.Colon ? Types.Type(input.Next()) : Success<TypeSyntax?>(null, input));

    private static readonly Parser<bool> s_tilde = Rule(input =>
    {
        if (input.Kind != TokenKind.Equals)
        {
            return Expect(TokenKind.Tilde, "~", "the type of a draw")(input);
        }

        input.Report(SyntaxDiagnostics.TypedBinding(input.Session.Source, input.Token.Span));
        return Success(false, input.Next());
    });

    private static BindingSyntax Destructure(ImmutableArray<NameSyntax> names, ExpressionSyntax value, TokenInput start, TokenInput end)
    {
        if (names.Length == 0)
        {
            start.Session.Diagnostics.Add(SyntaxDiagnostics.EmptyParentheses(start.Session.Source, start.Token.Span));
        }

        return new(names, true, value, start.Token.Doc, start.To(end));
    }
}
