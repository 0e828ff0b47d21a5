using System.Collections.Generic;
using GenDsl.Dsl.Syntax;

namespace GenDsl.Dsl.Parsing;

/// <summary>
/// Pairs the brackets of a text and finds where declarations begin. A bracket that is never closed stays without a partner
/// instead of taking one that belongs to text behind it: that keeps a slip inside its own line or declaration.
/// </summary>
internal sealed class BracketMatcher
{
    private static readonly TokenSet s_beforeColumns =
        new(TokenKind.Semicolon, TokenKind.Colon, TokenKind.Comma, TokenKind.OpenParen, TokenKind.OpenBracket, TokenKind.Arrow);

    private readonly List<Token> _tokens;
    private readonly List<int> _open = [];
    private int _declarationColumn;

    private BracketMatcher(List<Token> tokens) => _tokens = tokens;

    /// <summary>Fills <see cref="Token.Match"/> and turns the words that begin declarations into <see cref="TokenKind.DeclarationWord"/>.</summary>
    public static void Match(List<Token> tokens)
    {
        BracketMatcher matcher = new(tokens);
        for (int i = 0; i < tokens.Count; i++)
        {
            matcher.Visit(i);
        }
    }

    private void Visit(int index)
    {
        switch (_tokens[index].Kind)
        {
            case TokenKind.OpenParen or TokenKind.OpenBracket or TokenKind.OpenBrace:
                _open.Add(index);
                break;
            case TokenKind.CloseParen or TokenKind.CloseBracket or TokenKind.CloseBrace:
                Close(index);
                break;
            case TokenKind.Word when BeginsDeclaration(index):
                _open.Clear();
                _declarationColumn = _tokens[index].Column;
                _tokens[index].Kind = TokenKind.DeclarationWord;
                break;
        }
    }

    private void Close(int index)
    {
        TokenKind kind = _tokens[index].Kind;
        int slot = FindOpener(kind == TokenKind.CloseParen ? TokenKind.OpenParen : kind == TokenKind.CloseBracket ? TokenKind.OpenBracket : TokenKind.OpenBrace);
        if (slot < 0 && kind != TokenKind.CloseBrace && _open.Count > 0 && _tokens[_open[_open.Count - 1]].Kind != TokenKind.OpenBrace)
        {
            slot = _open.Count - 1;
        }

        if (slot >= 0)
        {
            int opener = _open[slot];
            (_tokens[opener].Match, _tokens[index].Match) = (index, opener);
            _open.RemoveRange(slot, _open.Count - slot);
        }
    }

    /// <summary>The innermost open bracket of a kind; round and square ones are not looked for outside the block they stand in.</summary>
    private int FindOpener(TokenKind kind)
    {
        for (int slot = _open.Count - 1; slot >= 0; slot--)
        {
            TokenKind open = _tokens[_open[slot]].Kind;
            if (open == kind)
            {
                return slot;
            }

            if (open == TokenKind.OpenBrace && !IsColumns(_open[slot]))
            {
                return -1;
            }
        }

        return -1;
    }

    private bool IsColumns(int brace) => brace > 0 && s_beforeColumns.Has(_tokens[brace - 1].Kind);

    /// <summary>A declaration keyword, right or nearly right, with a name behind it, first on its line and not further in than the declaration before it.</summary>
    private bool BeginsDeclaration(int index)
    {
        Token token = _tokens[index];
        bool isPossible = token.IsFirstOnLine && _tokens[index + 1].Kind == TokenKind.Word && (_open.Count == 0 || token.Column <= _declarationColumn);
        if (!isPossible || Words.BeginsDeclaration(token.Text))
        {
            return isPossible;
        }

        return _tokens[index + 2].Kind is TokenKind.OpenParen or TokenKind.Equals or TokenKind.OpenBrace && KeywordGuess.Declaration(token.Text) is not null;
    }
}
