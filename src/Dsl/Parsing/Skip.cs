using GenDsl.Dsl.Syntax;

namespace GenDsl.Dsl.Parsing;

/// <summary>Where reading goes on after a mistake. Every skip steps over whole bracket pairs and mutes the token it stops at.</summary>
internal static class Skip
{
    private static readonly TokenSet s_declarationEnds = new(TokenKind.End, TokenKind.DeclarationWord);

    private static readonly TokenSet s_nestedEnds = TokenSets.Walls.With(new(TokenKind.CloseParen, TokenKind.CloseBracket));

    /// <summary>To the end of this expression.</summary>
    public static TokenInput Expression(TokenInput input) => To(input, TokenSets.ExpressionEnds);

    /// <summary>Over what is nested too deeply, all of it: to the line end if its brackets are not closed.</summary>
    public static TokenInput Nested(TokenInput input) => To(input, s_nestedEnds);

    /// <summary>To the end of this statement, over blocks that belong to it.</summary>
    public static TokenInput Statement(TokenInput input) => To(input, TokenSets.StatementEnds);

    /// <summary>To the next declaration.</summary>
    public static TokenInput Declaration(TokenInput input) => To(input, s_declarationEnds);

    /// <summary>Behind a word further on, before any of <paramref name="ends"/> or first on the next line; null where there is none.</summary>
    public static TokenInput? BehindWord(TokenInput input, string word, TokenSet ends)
    {
        int index = input.Index;
        Token[] tokens = input.Session.Tokens;
        while (!ends.Has(tokens[index].Kind) && !tokens[index].Is(word))
        {
            index = tokens[index].Match > index ? tokens[index].Match + 1 : index + 1;
        }

        bool isOnNextLine = tokens[index].Kind == TokenKind.NewLine && tokens[index + 1].Is(word);
        return isOnNextLine ? input.At(index + 2) : tokens[index].Is(word) ? input.At(index + 1) : null;
    }

    /// <summary>Behind the block that begins here.</summary>
    public static TokenInput Block(TokenInput input) => Over(input);

    public static TokenInput To(TokenInput input, TokenSet ends)
    {
        int index = input.Index;
        Token[] tokens = input.Session.Tokens;
        while (!ends.Has(tokens[index].Kind) && tokens[index].Kind != TokenKind.End)
        {
            index = tokens[index].Match > index ? tokens[index].Match + 1 : index + 1;
        }

        return Muted(input.At(index));
    }

    private static TokenInput Over(TokenInput input)
    {
        if (input.Token.Match < input.Index)
        {
            return Declaration(input);
        }

        return Muted(input.At(input.Token.Match + 1));
    }

    /// <summary>The next declaration is always heard: it has nothing to do with what was skipped.</summary>
    private static TokenInput Muted(TokenInput rest)
    {
        if (rest.Kind != TokenKind.DeclarationWord)
        {
            rest.Session.Quieten(rest.Index);
        }

        return rest;
    }
}
