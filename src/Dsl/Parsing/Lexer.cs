using System.Collections.Generic;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Parsing;

/// <summary>Cuts a text into tokens. Reports what is no token; the tokens that come out are all usable.</summary>
internal sealed partial class Lexer
{
    private readonly GenSource _source;
    private readonly DiagnosticBag _diagnostics;
    private readonly string _text;
    private readonly List<Token> _tokens = [];
    private readonly List<string> _doc = [];
    private int _position;
    private int _lineStart;
    private bool _suspect;

    private Lexer(GenSource source, DiagnosticBag diagnostics)
    {
        _source = source;
        _diagnostics = diagnostics;
        _text = source.Text;
    }

    /// <summary>All tokens with their line ends, each run of line ends as one token, closed by an <see cref="TokenKind.End"/>.</summary>
    public static List<Token> Scan(GenSource source, DiagnosticBag diagnostics)
    {
        Lexer lexer = new(source, diagnostics);
        while (lexer._position < lexer._text.Length)
        {
            lexer.ScanOne();
        }

        lexer.Add(TokenKind.End, lexer._position, "");
        return lexer._tokens;
    }

    private void ScanOne()
    {
        char c = _text[_position];
        if (c is '\r' or '\n')
        {
            ScanLineEnd();
        }
        else if (char.IsWhiteSpace(c))
        {
            _position++;
        }
        else if (c == '/' && At(1) == '/')
        {
            ScanComment();
        }
        else if (IsNameStart(c))
        {
            int start = _position;
            SkipName();
            Add(TokenKind.Word, start, _text.Substring(start, _position - start));
        }
        else if (IsDigit(c) || (c == '.' && IsDigit(At(1))))
        {
            ScanNumber();
        }
        else if (c == '"')
        {
            ScanString();
        }
        else if (!ScanPunctuation())
        {
            ScanStray();
        }
    }

    private void ScanLineEnd()
    {
        int start = _position;
        _position += _text[_position] == '\r' && At(1) == '\n' ? 2 : 1;
        _lineStart = _position;
        if (_tokens.Count > 0 && _tokens[_tokens.Count - 1].Kind != TokenKind.NewLine)
        {
            Add(TokenKind.NewLine, start, "\n");
        }
    }

    private void Add(TokenKind kind, int start, string text)
    {
        Token token = new(kind, TextSpan.FromBounds(start, _position), text)
        {
            IsSuspect = _suspect,
            Column = start - _lineStart,
            IsFirstOnLine = _tokens.Count == 0 || _tokens[_tokens.Count - 1].Kind == TokenKind.NewLine,
        };
        _suspect = false;
        if (kind != TokenKind.NewLine && _doc.Count > 0)
        {
            token.Doc = string.Join("\n", _doc);
            _doc.Clear();
        }

        _tokens.Add(token);
    }

    private char At(int ahead) => _position + ahead < _text.Length ? _text[_position + ahead] : '\0';

    private TextSpan From(int start) => TextSpan.FromBounds(start, _position);

    private static bool IsDigit(char c) => c is >= '0' and <= '9';

    private static bool IsNameStart(char c) => char.IsLetter(c) || c == '_';

    private static bool IsNamePart(char c) =>
        c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_' || IsDigit(c)
        || char.IsLetter(c) || char.IsDigit(c) || IsCombiningMark(c);

    /// <summary>Decomposed letters (<c>e</c> and an accent) and the vowel signs of Indic scripts.</summary>
    private static bool IsCombiningMark(char c) =>
        c >= '\u0300' && char.GetUnicodeCategory(c)
            is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;

    private void SkipName()
    {
        while (_position < _text.Length && IsNamePart(_text[_position]))
        {
            _position++;
        }
    }
}
