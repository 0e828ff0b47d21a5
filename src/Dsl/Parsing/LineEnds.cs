using System.Collections.Generic;
using GenDsl.Dsl.Syntax;

namespace GenDsl.Dsl.Parsing;

/// <summary>Takes out the line ends that end nothing, so that the grammar sees only those that count.</summary>
internal static class LineEnds
{
    /// <summary>The tokens without idle line ends; bracket partners are renumbered.</summary>
    public static Token[] Settle(List<Token> tokens)
    {
        List<Token> kept = new(tokens.Count);
        int[] places = new int[tokens.Count];
        int inside = 0;
        for (int i = 0; i < tokens.Count; i++)
        {
            Token token = tokens[i];
            inside += Nesting(token);
            places[i] = kept.Count;
            if (token.Kind != TokenKind.NewLine || (inside == 0 && Ends(tokens, i)))
            {
                kept.Add(token);
            }
            else
            {
                tokens[i + 1].IsSuspect |= token.IsSuspect;
            }
        }

        foreach (Token token in kept)
        {
            token.Match = token.Match < 0 ? -1 : places[token.Match];
        }

        return [.. kept];
    }

    /// <summary>Only pairs count: after a bracket that is never closed, line ends are the best place to go on.</summary>
    private static int Nesting(Token token) => token.Match < 0 ? 0 : token.Kind switch
    {
        TokenKind.OpenParen or TokenKind.OpenBracket => 1,
        TokenKind.CloseParen or TokenKind.CloseBracket => -1,
        _ => 0,
    };

    private static bool Ends(List<Token> tokens, int index)
    {
        Token next = tokens[index + 1];
        if (TokenSets.Continuing.Has(next.Kind))
        {
            return false;
        }

        bool isUnfinished = index > 0 && TokenSets.Unfinished.Has(tokens[index - 1].Kind);
        bool isNewStatement = next.Kind == TokenKind.Word && TokenSets.StatementMarks.Has(tokens[index + 2].Kind);
        return !isUnfinished || isNewStatement;
    }
}
