using System.Collections.Immutable;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary>Parameter lists, results and facts.</summary>
internal static class Headers
{
    private static readonly TokenSet s_bar = new(TokenKind.Bar);

    private static readonly Parser<TypeSyntax?> s_annotation = Rule(input =>
    {
        if (input.Kind == TokenKind.Colon)
        {
            return Types.Type(input.Next());
        }

        bool isColonMissing = input.Kind == TokenKind.OpenBracket || (input.Kind == TokenKind.Word && Words.BeginsType(input.Token.Text));
        if (!isColonMissing)
        {
            return Success<TypeSyntax?>(null, input);
        }

        input.Report(SyntaxDiagnostics.Expected(input.Session.Source, input.Trouble, "':'", "the name of a parameter", Spelling.Found(input)));
        return Types.Type(input);
    });

    private static readonly Parser<ExpressionSyntax> s_assigned =
        from sign in Assign("a parameter")
        from value in Expressions.Expression
        select value;

    private static readonly Parser<ExpressionSyntax?> s_default = Rule(input =>
        input.Kind is TokenKind.Equals or TokenKind.ColonEquals ? s_assigned(input) : Success<ExpressionSyntax?>(null, input));

    private static readonly Parser<ParameterSyntax> s_parameter =
        from start in Here
        from name in Name("a parameter")
        from type in s_annotation
        from value in s_default
        from end in Here
        select new ParameterSyntax(name, type, value, start.Token.Doc, TextSpan.FromBounds(name.Span.Start, System.Math.Max(name.Span.End, end.LastEnd)));

    private static readonly Parser<Lists> s_lists =
        from start in Here
        from open in Token(TokenKind.OpenParen)
        from data in Brackets.Items(open, s_parameter, TokenSets.WordStarts, s_bar)
        from conditions in Conditions(open)
        from close in Brackets.Close(open)
        from end in Here
        select new Lists(data, conditions, start.To(end));

    /// <summary>One list, the data, or two: hyperparameters and data.</summary>
    public static readonly Parser<HeaderSyntax> Header = Rule(input =>
    {
        if (input.Kind != TokenKind.OpenParen)
        {
            input.Report(SyntaxDiagnostics.DataListExpected(input.Session.Source, input.Trouble, Spelling.Before(input), Spelling.Found(input), input.Gap));
            return Success(new HeaderSyntax([], [], [], input.Gap), input);
        }

        IResult<Lists> first = s_lists(input);
        if (first.Rest().Kind != TokenKind.OpenParen)
        {
            return Success(new HeaderSyntax([], first.Value.Data, first.Value.Conditions, first.Value.Span), first.Rest());
        }

        IResult<Lists> second = s_lists(first.Rest());
        if (first.Value.Conditions.Length > 0)
        {
            TextSpan place = first.Value.Conditions[0].Span;
            input.Session.Diagnostics.Add(SyntaxDiagnostics.ConditionInHyperparameters(input.Session.Source, place));
        }

        TextSpan span = first.Value.Span.To(second.Value.Span);
        ImmutableArray<ParameterSyntax> hyperparameters = first.Value.Data.AddRange(first.Value.Conditions);
        return Success(new HeaderSyntax(hyperparameters, second.Value.Data, second.Value.Conditions, span), second.Rest());
    });

    /// <summary>The one list of a sample or an evaluation.</summary>
    public static readonly Parser<HeaderSyntax> Data = Rule(input =>
    {
        if (input.Kind != TokenKind.OpenParen)
        {
            return Header(input);
        }

        IResult<Lists> list = s_lists(input);
        return Success(new HeaderSyntax([], list.Value.Data, list.Value.Conditions, list.Value.Span), list.Rest());
    });

    private static readonly Parser<ImmutableArray<TypeSyntax>> s_results =
        from arrow in Arrow("the parameters")
        from types in Commas(Types.Result)
        select types;

    /// <summary><c>-> type, type</c>, or nothing.</summary>
    public static readonly Parser<ImmutableArray<TypeSyntax>> Results = Rule(input =>
        input.Kind is TokenKind.Arrow or TokenKind.FatArrow ? s_results(input) : Success(ImmutableArray<TypeSyntax>.Empty, input));

    /// <summary><c>where fact, fact</c>, or nothing.</summary>
    public static readonly Parser<ImmutableArray<ExpressionSyntax>> Facts = Rule(input =>
        input.Token.Is("where") ? Commas(Expressions.Condition)(input.Next()) : Success(ImmutableArray<ExpressionSyntax>.Empty, input));

    /// <summary>The arrow before a result; <c>=></c> is taken for it.</summary>
    public static Parser<bool> Arrow(string after) => Rule(input =>
    {
        if (input.Kind != TokenKind.FatArrow)
        {
            return Expect(TokenKind.Arrow, "->", after)(input);
        }

        input.Report(SyntaxDiagnostics.ForeignOperator(input.Session.Source, input.Token.Span, "=>", "->"));
        return Success(true, input.Next());
    });

    private static Parser<ImmutableArray<ParameterSyntax>> Conditions(Token open) => Rule(input =>
        input.Kind == TokenKind.Bar
            ? Brackets.Items(open, s_parameter, TokenSets.WordStarts)(input.Next())
            : Success(ImmutableArray<ParameterSyntax>.Empty, input));

    /// <summary>One or more items with commas between.</summary>
    private static Parser<ImmutableArray<T>> Commas<T>(Parser<T> item) => Rule(input =>
    {
        IResult<T> result = item(input);
        ImmutableArray<T>.Builder items = ImmutableArray.CreateBuilder<T>();
        items.Add(result.Value);
        while (result.Rest().Kind == TokenKind.Comma)
        {
            result = item(result.Rest().Next());
            items.Add(result.Value);
        }

        return Success(items.ToImmutable(), result.Rest());
    });

    private sealed record Lists(ImmutableArray<ParameterSyntax> Data, ImmutableArray<ParameterSyntax> Conditions, TextSpan Span);
}
