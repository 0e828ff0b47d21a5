using System;
using System.Text;

namespace GenDsl.Generators.Emit;

/// <summary>Writes indented C# with <c>\n</c> line ends. It takes text only: whoever has a number says how it is written.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _blank = true;

    /// <summary>Writes a line at the current indentation.</summary>
    public void Line(string text)
    {
        _text.Append(' ', 4 * _depth).Append(text).Append('\n');
        _blank = text.EndsWith("{", StringComparison.Ordinal);
    }

    /// <summary>Writes a line at the left margin, where directives stand.</summary>
    public void Directive(string text) => _text.Append(text).Append('\n');

    /// <summary>Separates what follows by one empty line, except behind an opening brace.</summary>
    public void Blank()
    {
        if (!_blank)
        {
            _text.Append('\n');
            _blank = true;
        }
    }

    /// <summary>Writes a header and an opening brace; disposing the result closes it.</summary>
    public Block Braces(string? header = null, string close = "}")
    {
        if (header is not null)
        {
            Line(header);
        }

        Line("{");
        _depth++;
        return new Block(this, close);
    }

    /// <summary>Indents what follows until the result is disposed.</summary>
    public Block Indented()
    {
        _depth++;
        return new Block(this, null);
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    internal readonly struct Block(CodeWriter writer, string? close) : IDisposable
    {
        public void Dispose()
        {
            writer._depth--;
            if (close is not null)
            {
                writer.Line(close);
            }
        }
    }
}
