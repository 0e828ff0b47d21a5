using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Parsing;

/// <summary>One token. Blanks and comments between tokens are not kept; documentation comments hang on the token that follows.</summary>
internal sealed class Token(TokenKind kind, TextSpan span, string text)
{
    public TokenKind Kind { get; set; } = kind;

    public TextSpan Span { get; } = span;

    /// <summary>As written; for a string its value, for a malformed number what was probably meant.</summary>
    public string Text { get; } = text;

    public string Doc { get; set; } = "";

    /// <summary>Characters before it on its line; meaningful where <see cref="IsFirstOnLine"/>.</summary>
    public int Column { get; set; }

    public bool IsFirstOnLine { get; set; }

    /// <summary>For a bracket: the index of its partner, or -1 where it has none.</summary>
    public int Match { get; set; } = -1;

    /// <summary>Text right before it was rejected already: a complaint about this token would be the second one about the same mistake.</summary>
    public bool IsSuspect { get; set; }

    public bool Is(string word) => Kind == TokenKind.Word && Text == word;
}
