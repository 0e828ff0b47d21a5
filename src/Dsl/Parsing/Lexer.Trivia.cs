using System;
using GenDsl.Dsl.Diagnostics;

namespace GenDsl.Dsl.Parsing;

internal sealed partial class Lexer
{
    private static readonly char[] s_lineEnds = ['\r', '\n'];

    private int LineEnd
    {
        get
        {
            int end = _text.IndexOfAny(s_lineEnds, _position);
            return end < 0 ? _text.Length : end;
        }
    }

    private void ScanComment()
    {
        int end = LineEnd;
        bool isDoc = At(2) == '/' && At(3) != '/';
        if (isDoc)
        {
            string line = _text.Substring(_position + 3, end - _position - 3).TrimEnd();
            _doc.Add(line.StartsWith(" ", StringComparison.Ordinal) ? line.Substring(1) : line);
        }

        _position = end;
    }

    /// <summary>Comments of other languages: reported once and skipped as the comments they are.</summary>
    private bool ScanForeignComment()
    {
        int start = _position;
        if (_text[start] == '#')
        {
            _position = LineEnd;
            _diagnostics.Add(SyntaxDiagnostics.ForeignComment(_source, new(start, 1), "#"));
            return true;
        }

        if (_text[start] == '/' && At(1) == '*')
        {
            int close = _text.IndexOf("*/", start + 2, StringComparison.Ordinal);
            int lineEnd = LineEnd;
            _position = close >= 0 ? close + 2 : lineEnd;
            int lastLine = _text.LastIndexOfAny(s_lineEnds, _position - 1, _position - start);
            _lineStart = lastLine >= 0 ? lastLine + 1 : _lineStart;
            _diagnostics.Add(SyntaxDiagnostics.ForeignComment(_source, new(start, 2), "/*"));
            return true;
        }

        return false;
    }
}
