using System.Collections.Generic;

namespace GenDsl.Dsl.Text;

/// <summary>A place in a text, both numbers counted from 0 as editors' protocols and Roslyn do.</summary>
public readonly record struct LinePosition(int Line, int Column);

/// <summary>Turns offsets into lines and columns. Knows the line ends LF, CRLF and CR.</summary>
public sealed class LineMap
{
    private readonly List<int> _starts = [0];

    /// <summary>Indexes the line starts of <paramref name="text"/>.</summary>
    public LineMap(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                _starts.Add(i + 1);
            }
        }
    }

    /// <summary>Number of lines; a text without a line end has one.</summary>
    public int Count => _starts.Count;

    /// <summary>Offset of the first character of a line.</summary>
    public int StartOf(int line) => _starts[line];

    /// <summary>The line and column of an offset.</summary>
    public LinePosition PositionOf(int offset)
    {
        int index = _starts.BinarySearch(offset);
        int line = index >= 0 ? index : ~index - 1;
        return new(line, offset - _starts[line]);
    }
}
