using System;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary><c>if c then a else b</c>.</summary>
internal static class Conditionals
{
    private static readonly Parser<bool> s_then = Keyword("then", "the condition of 'if'", TokenSets.ExpressionEnds);

    /// <summary>True at the word <c>if</c> with an operand behind it; any other <c>if</c> is a name.</summary>
    public static bool Begins(TokenInput input) => input.Token.Is("if") && TokenSets.ExpressionStarts.Has(input.Following.Kind);

    public static IResult<ExpressionSyntax> Read(TokenInput input)
    {
        ParseSession session = input.Session;
        TokenInput next = input.Next();
        IResult<ExpressionSyntax> condition = Lacks(next, "then") ? Primaries.Missing(next) : Expressions.ReadCondition(next);
        int height = session.Height;
        next = s_then(condition.Rest()).Rest();
        IResult<ExpressionSyntax> yes = Lacks(next, "else") ? Primaries.Missing(next) : Expressions.Read(next);
        height = Math.Max(height, session.Height);
        IResult<ExpressionSyntax> no = ReadElse(yes.Rest());
        session.Height = Math.Max(height, session.Height) + 1;
        return Success<ExpressionSyntax>(new ConditionalSyntax(condition.Value, yes.Value, no.Value, input.To(no.Rest())), no.Rest());
    }

    private static IResult<ExpressionSyntax> ReadElse(TokenInput input)
    {
        if (input.Token.Is("else"))
        {
            return Expressions.Read(input.Next());
        }

        bool isOnNextLine = input.Kind == TokenKind.NewLine && input.Following.Is("else");
        input.Report(SyntaxDiagnostics.MissingElse(input.Session.Source, input.Trouble, Spelling.Found(input), isOnNextLine));
        return isOnNextLine ? Expressions.Read(input.Next().Next()) : Success<ExpressionSyntax>(new MissingExpression(input.Gap), input);
    }
}
