using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using Sprache;
using static GenDsl.Dsl.Parsing.Rules;

namespace GenDsl.Dsl.Parsing;

/// <summary>Decides by the first two tokens which statement stands here.</summary>
internal static class Statements
{
    private static readonly TokenSet s_misplaced = TokenSets.ComparisonOperators.With(TokenSets.Rebindings).With(
        new(TokenKind.Percent, TokenKind.Caret, TokenKind.Dot, TokenKind.DotDot, TokenKind.Plus, TokenKind.Star, TokenKind.Slash, TokenKind.Pipe,
            TokenKind.Arrow, TokenKind.Comma, TokenKind.Colon, TokenKind.Tilde, TokenKind.Bar, TokenKind.Equals, TokenKind.ColonEquals, TokenKind.FatArrow));

    private static readonly Parser<StatementSyntax> s_expression =
        from start in Here
        from value in Expressions.Expression
        from end in Here
        select new ExpressionStatementSyntax(value, Expressions.Whole(start, value, end));

    private static readonly Parser<StatementSyntax> s_operator = Rule(input =>
    {
        input.Report(SyntaxDiagnostics.LineBeginsWithOperator(input.Session.Source, input.Token.Span, input.Token.Text));
        return Skipped(input);
    });

    private static readonly Parser<StatementSyntax> s_closer = Rule(input =>
    {
        input.Report(SyntaxDiagnostics.StrayCloser(input.Session.Source, input.Token.Span, input.Token.Text));
        return Skipped(input);
    });

    private static readonly Parser<StatementSyntax> s_declaration = Rule(input =>
    {
        input.Report(SyntaxDiagnostics.NestedDeclaration(input.Session.Source, input.Token.Span, input.Token.Text));
        IResult<DeclarationSyntax> inner = Declarations.Inner(input);
        input.Session.Misplaced.Add(inner.Value);
        return Success<StatementSyntax>(new SkippedStatement(input.To(inner.Rest())), inner.Rest());
    });

    /// <summary>Any statement. Never fails; its line end is checked by the caller.</summary>
    public static readonly Parser<StatementSyntax> Statement = Rule(input => Choose(input)(input));

    private static Parser<StatementSyntax> Choose(TokenInput input)
    {
        if (input.Kind == TokenKind.OpenParen && BeginsPattern(input))
        {
            return Bindings.Tuple;
        }

        if (input.Kind != TokenKind.Word)
        {
            return s_misplaced.Has(input.Kind) ? s_operator : input.Kind is TokenKind.CloseParen or TokenKind.CloseBracket ? s_closer : s_expression;
        }

        TokenKind next = input.Following.Kind;
        if (next is TokenKind.Equals or TokenKind.ColonEquals)
        {
            return Bindings.Single;
        }

        if (next is TokenKind.Tilde or TokenKind.Colon)
        {
            return Bindings.Draw;
        }

        if (next == TokenKind.OpenBracket && input.Following.Match > 0 && input.Session.Tokens[input.Following.Match + 1].Kind is TokenKind.Equals or TokenKind.ColonEquals)
        {
            return Bindings.Element;
        }

        return TokenSets.Rebindings.Has(next) ? Bindings.Rebinding : ByKeyword(input, input.Token.Text) ?? Unknown(input);
    }

    private static Parser<StatementSyntax>? ByKeyword(TokenInput input, string word)
    {
        bool beforeWord = input.Following.Kind == TokenKind.Word;
        return word switch
        {
            "param" when beforeWord => Bindings.Param,
            "for" when beforeWord => Loops.For,
            "sample" when beforeWord || IsBefore(input, TokenKind.Equals) => Outcomes.Sample,
            "evaluate" when beforeWord || IsBefore(input, TokenKind.OpenBrace) => Outcomes.Evaluate,
            "phase" when beforeWord => Phases.Phase,
            "solve" when beforeWord => Phases.Solve,
            "collect" when beforeWord => Collecting.Collect,
            "state" when beforeWord => States.State,
            "given" when beforeWord => States.Given,
            "guide" when BeginsBlock(input) => Loops.Guide,
            "repeat" when BeginsOperand(input) && !IsCall(input) => Loops.Repeat,
            "accumulate" when BeginsOperand(input) && !IsCall(input) => Loops.Accumulate,
            "every" when BeginsOperand(input) && !IsCall(input) => Loops.Every,
            "constrain" when beforeWord => Minimization.Constrain,
            "cost" when BeginsOperand(input) => Outcomes.Cost,
            "report" when BeginsOperand(input) => Outcomes.Report,
            "minimize" when BeginsOperand(input) => Minimization.Minimize,
            _ when IsBefore(input, TokenKind.Equals) => States.Function,
            _ => null,
        };
    }

    /// <summary>Two operands in a row are no expression: the first word is a keyword that this edition does not know, or a slip.</summary>
    private static Parser<StatementSyntax> Unknown(TokenInput input)
    {
        string word = input.Token.Text;
        bool isUpdate = input.Following.Kind == TokenKind.Less && input.Peek(2) is { Kind: TokenKind.Minus } minus && minus.Span.Start == input.Following.Span.End;
        if (isUpdate)
        {
            return States.Write;
        }

        bool isKeywordLike = TokenSets.Operands.Has(input.Following.Kind) || input.Following.Kind == TokenKind.OpenBrace;
        if (!isKeywordLike)
        {
            return s_expression;
        }

        if (Words.Declarations.Has(word))
        {
            return s_declaration;
        }

        if (Words.LaterStatements.Has(word) || Words.LaterDeclarations.Has(word))
        {
            return Later(Spelling.Quoted(word));
        }

        return KeywordGuess.Statement(word) is { } guess && ByKeyword(input, guess) is { } meant ? Misspelt(guess, meant) : s_expression;
    }

    private static bool BeginsBlock(TokenInput input) =>
        input.Following.Kind == TokenKind.OpenBrace || (input.Following.Kind == TokenKind.NewLine && input.Peek(2).Kind == TokenKind.OpenBrace);

    /// <summary>
    /// True where an operand follows, so that the word is a keyword. A minus with blanks on both sides or on none subtracts:
    /// <c>cost - x</c> is a difference, <c>cost -x</c> a cost.
    /// </summary>
    private static bool BeginsOperand(TokenInput input)
    {
        Token next = input.Following;
        bool blankBefore = next.Span.Start > input.Token.Span.End;
        bool blankAfter = input.Peek(2).Span.Start > next.Span.End;
        return next.Kind == TokenKind.Minus ? blankBefore && !blankAfter : TokenSets.ExpressionStarts.Has(next.Kind);
    }

    /// <summary>Names in parentheses and <c>=</c> behind them; the closing parenthesis may be missing.</summary>
    private static bool BeginsPattern(TokenInput input)
    {
        if (input.Token.Match > 0)
        {
            return input.Session.Tokens[input.Token.Match + 1].Kind == TokenKind.Equals;
        }

        int ahead = 1;
        while (input.Peek(ahead).Kind is TokenKind.Word or TokenKind.Comma)
        {
            ahead++;
        }

        return input.Peek(ahead).Kind == TokenKind.Equals;
    }

    /// <summary>Parentheses and a token behind them: the name before the parentheses is missing.</summary>
    private static bool IsBefore(TokenInput input, TokenKind kind) =>
        input.Following.Kind == TokenKind.OpenParen && input.Following.Match > 0 && input.Session.Tokens[input.Following.Match + 1].Kind == kind;

    /// <summary><c>repeat(x)</c> with no block behind it.</summary>
    private static bool IsCall(TokenInput input)
    {
        int after = input.Following.Match + 1;
        return after > 0 && input.Following.Kind == TokenKind.OpenParen && TokenSets.StatementEnds.Has(input.Session.Tokens[after].Kind)
            && input.Session.Tokens[System.Math.Min(after + 1, input.Session.Tokens.Length - 1)].Kind != TokenKind.OpenBrace;
    }

    private static Parser<StatementSyntax> Later(string what) => Rule(input =>
    {
        input.Report(SyntaxDiagnostics.LaterEdition(input.Session.Source, input.Token.Span, what, "statement", Words.Statements));
        return Skipped(input);
    });

    private static Parser<StatementSyntax> Misspelt(string guess, Parser<StatementSyntax> meant) => Rule(input =>
    {
        input.Report(SyntaxDiagnostics.MisspeltStatement(input.Session.Source, input.Token.Span, input.Token.Text, guess));
        return meant(input);
    });

    private static IResult<StatementSyntax> Skipped(TokenInput input)
    {
        TokenInput rest = Skip.Statement(input);
        return Success<StatementSyntax>(new SkippedStatement(input.To(rest)), rest);
    }
}
