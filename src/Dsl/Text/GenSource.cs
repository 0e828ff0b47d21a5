using System;

namespace GenDsl.Dsl.Text;

/// <summary>One <c>.gen</c> text with the path it is reported under.</summary>
public sealed class GenSource
{
    private LineMap? _lines;

    /// <summary>Wraps a text; a byte order mark at its start is dropped.</summary>
    public GenSource(string path, string text)
    {
        Path = path;
        Text = text.Length > 0 && text[0] == '\uFEFF' ? text.Substring(1) : text;
    }

    /// <summary>The path shown in diagnostics and <c>#line</c> directives.</summary>
    public string Path { get; }

    /// <summary>The text, without a byte order mark.</summary>
    public string Text { get; }

    /// <summary>Lines and columns of this text.</summary>
    public LineMap Lines => _lines ??= new(Text);

    /// <summary>File name without folder and extension: <c>models/vae.gen</c> is <c>vae</c>.</summary>
    public string Name
    {
        get
        {
            int slash = Path.LastIndexOfAny(['/', '\\']);
            string file = Path.Substring(slash + 1);
            return file.EndsWith(".gen", StringComparison.OrdinalIgnoreCase) ? file.Substring(0, file.Length - 4) : file;
        }
    }
}
