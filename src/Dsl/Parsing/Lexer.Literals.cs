using System.Text;
using GenDsl.Dsl.Diagnostics;

namespace GenDsl.Dsl.Parsing;

internal sealed partial class Lexer
{
    private void ScanNumber()
    {
        int start = _position;
        string meant = TakeDigits("0");
        if (At(0) == '.' && At(1) != '.')
        {
            _position++;
            meant += "." + TakeDigits("0");
        }

        if (At(0) is 'e' or 'E' && (IsDigit(At(1)) || (At(1) is '+' or '-' && IsDigit(At(2)))))
        {
            meant += _text.Substring(_position, 2);
            _position += 2;
            meant += TakeDigits("");
        }

        int end = _position;
        SkipNumberTail();
        string written = _text.Substring(start, _position - start);
        if (written != meant)
        {
            string tail = _text.Substring(end, _position - end);
            _diagnostics.Add(SyntaxDiagnostics.MalformedNumber(_source, From(start), written, meant, tail));
        }

        Add(TokenKind.Number, start, meant);
    }

    /// <summary>A number ends where no letter, digit or second fraction follows: <c>2x</c>, <c>1e</c>, <c>1_000</c> and <c>1.2.3</c> are mistakes.</summary>
    private void SkipNumberTail()
    {
        int end = _position;
        while (IsNamePart(At(0)) || (At(0) == '.' && IsDigit(At(1))))
        {
            _position++;
        }

        bool isBareExponent = _position == end + 1 && _text[end] is 'e' or 'E' && At(0) is '+' or '-';
        if (isBareExponent && !IsNameStart(At(1)) && At(1) is not ('(' or ' '))
        {
            _position++;
        }
    }

    private string TakeDigits(string otherwise)
    {
        int start = _position;
        while (IsDigit(At(0)))
        {
            _position++;
        }

        return _position > start ? _text.Substring(start, _position - start) : otherwise;
    }

    private void ScanString()
    {
        int start = _position++;
        int end = LineEnd;
        StringBuilder value = new();
        while (_position < end && _text[_position] != '"')
        {
            if (_text[_position] == '\\' && _position + 1 < end)
            {
                ScanEscape(value);
            }
            else
            {
                value.Append(_text[_position++]);
            }
        }

        bool isClosed = _position < end;
        _position += isClosed ? 1 : 0;
        Add(TokenKind.String, start, value.ToString());
        if (!isClosed)
        {
            // The rest of the line went into the string, its closing brackets too.
            _diagnostics.Add(SyntaxDiagnostics.UnclosedString(_source, From(start)));
            _suspect = true;
        }
    }

    private void ScanEscape(StringBuilder value)
    {
        char c = At(1);
        char? meaning = c switch { '"' => '"', '\\' => '\\', 'n' => '\n', 't' => '\t', _ => null };
        if (meaning is null)
        {
            _diagnostics.Add(SyntaxDiagnostics.UnknownEscape(_source, new(_position, 2), _text.Substring(_position, 2)));
        }

        value.Append(meaning ?? c);
        _position += 2;
    }
}
