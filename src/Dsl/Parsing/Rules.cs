using System;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;
using Sprache;

namespace GenDsl.Dsl.Parsing;

/// <summary>
/// The smallest parsers. Those called after a token fail quietly where it is not there, so that a choice may go on;
/// the others never fail: they report what is missing and leave a hole.
/// </summary>
internal static class Rules
{
    /// <summary>Consumes nothing; the value is the place itself.</summary>
    public static readonly Parser<TokenInput> Here = input => Result.Success((TokenInput)input, input);

    /// <summary>From here to the next block, line ends are blanks.</summary>
    public static readonly Parser<TokenInput> Header = Rule(input =>
    {
        input.Session.HeaderMark = input.Session.Complaints;
        return Success(input, input.WithHeader(true));
    });

    /// <summary>Any one token: a keyword the caller has recognised, rightly spelt or not.</summary>
    public static readonly Parser<Token> Step = Rule(input => Success(input.Token, input.Next()));

    /// <summary>Lifts a function over token places to a parser.</summary>
    public static Parser<T> Rule<T>(Func<TokenInput, IResult<T>> rule) => input => rule((TokenInput)input);

    public static IResult<T> Success<T>(T value, TokenInput rest) => Result.Success(value, rest);

    public static IResult<T> Failure<T>(TokenInput input, string expected = "") => Result.Failure<T>(input, "unexpected " + input.Token.Text, [expected]);

    public static TokenInput Rest<T>(this IResult<T> result) => (TokenInput)result.Remainder;

    /// <summary>The parser only where the condition holds; otherwise fails without consuming.</summary>
    public static Parser<T> When<T>(Func<TokenInput, bool> condition, Parser<T> parser) =>
        Rule(input => condition(input) ? parser(input) : Failure<T>(input));

    public static Parser<Token> Token(TokenKind kind) => Rule(input => input.Kind == kind ? Success(input.Token, input.Next()) : Failure<Token>(input));

    public static Parser<Token> Word(string word) => Rule(input => input.Token.Is(word) ? Success(input.Token, input.Next()) : Failure<Token>(input, word));

    /// <summary>A token that has to be here.</summary>
    /// <param name="written">The token as it is written.</param>
    /// <param name="after">What it follows, for the message.</param>
    public static Parser<bool> Expect(TokenKind kind, string written, string after) => Rule(input =>
    {
        if (input.Kind == kind)
        {
            return Success(true, input.Next());
        }

        input.Report(SyntaxDiagnostics.Expected(input.Session.Source, input.Trouble, Spelling.Quoted(written), after, Spelling.Found(input)));
        return Success(false, input);
    });

    /// <summary>A keyword that has to be here.</summary>
    /// <param name="ends">How far ahead the keyword is looked for where something else stands here.</param>
    public static Parser<bool> Keyword(string word, string after, TokenSet ends) => Rule(input =>
    {
        if (input.Token.Is(word))
        {
            return Success(true, input.Next());
        }

        bool isMisspelt = input.Kind == TokenKind.Word && SpellChecker.Nearest(input.Token.Text, [word]) is not null;
        string? meant = isMisspelt ? word : null;
        input.Report(SyntaxDiagnostics.Expected(input.Session.Source, input.Trouble, Spelling.Quoted(word), after, Spelling.Found(input), meant));
        TokenInput rest = isMisspelt ? input.Next() : Skip.BehindWord(input, word, ends) ?? input;
        return Success(false, rest);
    });

    /// <summary>The <c>=</c> of a definition; <c>:=</c> and <c>==</c> are taken for it.</summary>
    public static Parser<bool> Assign(string after) => Rule(input =>
    {
        if (input.Kind == TokenKind.Equals)
        {
            return Success(true, input.Next());
        }

        if (input.Kind is TokenKind.ColonEquals or TokenKind.EqualsEquals)
        {
            input.Report(SyntaxDiagnostics.AssignSpelling(input.Session.Source, input.Token.Span, input.Token.Text));
            return Success(true, input.Next());
        }

        input.Report(SyntaxDiagnostics.Expected(input.Session.Source, input.Trouble, "'='", after, Spelling.Found(input)));
        return Success(false, input);
    });

    /// <summary>A name that has to be here.</summary>
    /// <param name="what">What it names, for the message: <c>the net</c>.</param>
    /// <param name="follower">A keyword behind the name: standing here with something else behind it, it is not the name.</param>
    public static Parser<NameSyntax> Name(string what, string follower = "") => Rule(input =>
    {
        if (input.Kind == TokenKind.Word && !Lacks(input, follower))
        {
            return Success(new NameSyntax(input.Token.Text, input.Token.Span), input.Next());
        }

        input.Report(SyntaxDiagnostics.NameExpected(input.Session.Source, input.Trouble, what, Spelling.Found(input)));
        return Success(new NameSyntax("", input.Gap), input);
    });

    /// <summary>True where the keyword that should come next stands already here, so that what belongs before it is missing.</summary>
    public static bool Lacks(TokenInput input, string follower) =>
        follower.Length > 0 && input.Token.Is(follower) && TokenSets.ExpressionStarts.Has(input.Following.Kind) && !input.Following.Is(follower);

    /// <summary>One level further in; too deep a text is skipped and replaced by a hole.</summary>
    /// <param name="weight">How much more of the stack a level takes than one of an expression; so many times fewer are allowed.</param>
    public static Parser<T> Nested<T>(Parser<T> parser, int weight, Func<TextSpan, T> hole, Func<TokenInput, TokenInput> skip) => Rule(input =>
    {
        if (input.Depth + weight <= ParseSession.MaxDepth)
        {
            IResult<T> result = parser(input.WithDepth(input.Depth + weight));
            return Success(result.Value, result.Rest().WithDepth(input.Depth));
        }

        input.Report(SyntaxDiagnostics.TooDeep(input.Session.Source, input.Token.Span, ParseSession.MaxDepth / weight));
        TokenInput rest = skip(input);
        return Success(hole(input.To(rest)), rest);
    });
}
