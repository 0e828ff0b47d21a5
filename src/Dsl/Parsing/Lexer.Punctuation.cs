using GenDsl.Dsl.Diagnostics;
using static GenDsl.Dsl.Parsing.TokenKind;

namespace GenDsl.Dsl.Parsing;

internal sealed partial class Lexer
{
    private bool ScanPunctuation()
    {
        (TokenKind kind, string text) = Punctuation();
        if (kind == End)
        {
            return false;
        }

        int start = _position;
        _position += text.Length;
        Add(kind, start, text);
        return true;
    }

    private (TokenKind Kind, string Text) Punctuation() => (_text[_position], At(1)) switch
    {
        ('(', _) => (OpenParen, "("),
        (')', _) => (CloseParen, ")"),
        ('[', _) => (OpenBracket, "["),
        (']', _) => (CloseBracket, "]"),
        ('{', _) => (OpenBrace, "{"),
        ('}', _) => (CloseBrace, "}"),
        (',', _) => (Comma, ","),
        (';', _) => (Semicolon, ";"),
        (':', '=') => (ColonEquals, ":="),
        (':', _) => (Colon, ":"),
        ('.', '.') => (DotDot, ".."),
        ('.', _) => (Dot, "."),
        ('=', '=') => (EqualsEquals, "=="),
        ('=', '>') => (FatArrow, "=>"),
        ('=', _) => (TokenKind.Equals, "="),
        ('~', _) => (Tilde, "~"),
        ('|', '>') => At(2) == '=' && At(3) != '=' ? (PipeEquals, "|>=") : (Pipe, "|>"),
        ('|', not '|') => (Bar, "|"),
        ('-', '>') => (Arrow, "->"),
        ('-', '=') => (MinusEquals, "-="),
        ('-', _) => (Minus, "-"),
        ('+', '=') => (PlusEquals, "+="),
        ('+', _) => (Plus, "+"),
        ('*', '=') => (StarEquals, "*="),
        ('*', not '*') => (Star, "*"),
        ('/', '=') => (SlashEquals, "/="),
        ('/', not '*') => (Slash, "/"),
        ('%', _) => (Percent, "%"),
        ('^', _) => (Caret, "^"),
        ('!', '=') => (NotEquals, "!="),
        ('<', '=') => (LessEquals, "<="),
        ('<', _) => (Less, "<"),
        ('>', '=') => (GreaterEquals, ">="),
        ('>', _) => (Greater, ">"),
        _ => (End, ""),
    };

    /// <summary>A character that begins no token: a look-alike of an operator is taken for it, a run of others is dropped.</summary>
    private void ScanStray()
    {
        if (ScanForeignComment() || ScanForeignString())
        {
            return;
        }

        int start = _position;
        (TokenKind kind, string written, string meant) = LookAlike();
        if (kind != End)
        {
            _position += written.Length;
            _diagnostics.Add(SyntaxDiagnostics.ForeignOperator(_source, From(start), written, meant));
            Add(kind, start, meant);
            return;
        }

        if (At(0) is '&' or '|' or '!')
        {
            _position += At(0) != '!' && At(1) == At(0) ? 2 : 1;
            _diagnostics.Add(SyntaxDiagnostics.NoLogicalOperators(_source, From(start), _text.Substring(start, _position - start)));
        }
        else
        {
            SkipStrayRun();
            _diagnostics.Add(SyntaxDiagnostics.StrayCharacter(_source, From(start), _text.Substring(start, _position - start)));
        }

        _suspect = true;
    }

    /// <summary>Text in other quotes than <c>"</c>, closed on its line.</summary>
    private bool ScanForeignString()
    {
        char close = _text[_position] switch { '\'' => '\'', '`' => '`', '\u2018' => '\u2019', '\u201C' => '\u201D', _ => '\0' };
        int end = close == '\0' ? -1 : _text.IndexOf(close, _position + 1, LineEnd - _position - 1);
        if (end < 0)
        {
            return false;
        }

        int start = _position;
        _position = end + 1;
        string value = _text.Substring(start + 1, end - start - 1);
        _diagnostics.Add(SyntaxDiagnostics.ForeignQuotes(_source, From(start), value));
        Add(TokenKind.String, start, value);
        return true;
    }

    private (TokenKind Kind, string Written, string Meant) LookAlike() => (_text[_position], At(1)) switch
    {
        ('*', '*') => (Caret, "**", "^"),
        ('\u2212' or '\u2013', _) => (Minus, _text.Substring(_position, 1), "-"),
        ('\u00D7' or '\u00B7' or '\u22C5', _) => (Star, _text.Substring(_position, 1), "*"),
        ('\u00F7', _) => (Slash, "\u00F7", "/"),
        ('\u2192', _) => (Arrow, "\u2192", "->"),
        ('\u2264', _) => (LessEquals, "\u2264", "<="),
        ('\u2265', _) => (GreaterEquals, "\u2265", ">="),
        ('\u2260', _) => (NotEquals, "\u2260", "!="),
        ('\u223C', _) => (Tilde, "\u223C", "~"),
        _ => (End, "", ""),
    };

    private void SkipStrayRun()
    {
        do
        {
            _position++;
        }
        while (_position < _text.Length && IsStray(_text[_position]));
    }

    private bool IsStray(char c) =>
        c is not ('\r' or '\n' or '"' or '/' or '#' or '&' or '!') && !char.IsWhiteSpace(c) && !IsNameStart(c) && !IsDigit(c)
        && Punctuation().Kind == End && LookAlike().Kind == End;
}
