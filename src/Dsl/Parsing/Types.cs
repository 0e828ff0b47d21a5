using System.Collections.Immutable;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary>Type annotations. They never fail: where no type can be read stands a <see cref="MissingTypeSyntax"/>.</summary>
internal static class Types
{
    /// <summary>Any type.</summary>
    public static readonly Parser<TypeSyntax> Type = Nested(Rule(input => Choose(input)(input)), weight: 2, span => new MissingTypeSyntax(span), Skip.Nested);

    private static readonly Parser<TypeSyntax> s_named =
        from start in Here
        from name in Name("a type")
        select new NamedTypeSyntax(name, name.Span);

    private static readonly Parser<TypeSyntax> s_tuple =
        from start in Here
        from items in Brackets.List(TokenKind.OpenParen, Type, TokenSets.TypeStarts)
        from end in Here
        select Group(items, start, end);

    private static readonly Parser<TypeSyntax> s_shape = Rule(input =>
    {
        IResult<ShapeSyntax> shape = Shapes.Bracketed(input);
        TokenInput rest = shape.Rest();
        if (!shape.WasSuccessful || !rest.Token.Is("of"))
        {
            return Success<TypeSyntax>(shape.Value, rest);
        }

        // [n] of ...: the brackets hold how many.
        if (shape.Value is not { Rows: null, RowType: null, Dims.Length: 1 })
        {
            input.Session.Diagnostics.Add(SyntaxDiagnostics.Expected(input.Session.Source, shape.Value.Span, "one size", "'[' of a family", "another shape"));
        }

        IResult<TypeSyntax> member = Type(rest.Next());
        ExpressionSyntax count = shape.Value.Dims.Length > 0 ? shape.Value.Dims[0] : new MissingExpression(shape.Value.Span);
        return Success<TypeSyntax>(new FamilyTypeSyntax(count, member.Value, input.To(member.Rest())), member.Rest());
    });

    private static readonly Parser<TypeSyntax> s_net =
        from start in Here
        from word in Word("net")
        from arguments in Brackets.List(TokenKind.OpenParen, Type, TokenSets.TypeStarts)
        from arrow in Headers.Arrow("the arguments of a net type")
        from result in arrow ? Result : Hole
        from end in Here
        select new NetTypeSyntax(arguments, result, start.To(end));

    private static readonly Parser<TypeSyntax> s_columns =
        from start in Here
        from columns in Brackets.List(TokenKind.OpenBrace, Column, TokenSets.WordStarts)
        from end in Here
        select new ColumnsTypeSyntax(columns, start.To(end));

    /// <summary>The type of a result: a brace here begins a block, not columns.</summary>
    public static readonly Parser<TypeSyntax> Result = Rule(input => input.Kind == TokenKind.OpenBrace ? s_missing!(input) : Type(input));

    private static Parser<TypeSyntax> Hole => Rule(input => Success<TypeSyntax>(new MissingTypeSyntax(input.Gap), input));

    private static readonly Parser<TypeSyntax> s_missing = Rule(input =>
    {
        input.Report(SyntaxDiagnostics.TypeExpected(input.Session.Source, input.Trouble, Spelling.Before(input), Spelling.Found(input)));
        return Success<TypeSyntax>(new MissingTypeSyntax(input.Gap), input);
    });

    private static Parser<ParameterSyntax> Column =>
        from start in Here
        from name in Name("a column")
        from colon in Expect(TokenKind.Colon, ":", "the name of a column")
        from type in Type
        from end in Here
        select new ParameterSyntax(name, type, null, start.Token.Doc, name.Span.To(type.Span));

    private static Parser<TypeSyntax> Choose(TokenInput input) => input.Kind switch
    {
        TokenKind.OpenBracket => s_shape,
        TokenKind.OpenParen => s_tuple,
        TokenKind.OpenBrace => s_columns,
        TokenKind.Word => ChooseWord(input),
        _ => s_missing,
    };

    private static Parser<TypeSyntax> ChooseWord(TokenInput input)
    {
        string word = input.Token.Text;
        if (Words.Elements.Has(word) || input.Following.Kind == TokenKind.OpenBracket)
        {
            return Elements.Element;
        }

        if (word == "net" && input.Following.Kind == TokenKind.OpenParen)
        {
            return s_net;
        }

        return Words.HostTypes.Has(word) ? HostTypes.Host : Lacks(input, "where") ? s_missing : s_named;
    }

    private static TypeSyntax Group(ImmutableArray<TypeSyntax> items, TokenInput start, TokenInput end)
    {
        TextSpan span = start.To(end);
        if (items.Length == 0)
        {
            end.Session.Diagnostics.Add(SyntaxDiagnostics.EmptyParentheses(end.Session.Source, span));
            return new MissingTypeSyntax(span);
        }

        return items.Length == 1 ? items[0] : new TupleTypeSyntax(items, span);
    }
}
