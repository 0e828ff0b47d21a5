namespace GenDsl.Dsl.Parsing;

/// <summary>How messages speak of tokens.</summary>
internal static class Spelling
{
    public static string Quoted(string text) => "'" + text + "'";

    /// <summary>What stands here.</summary>
    public static string Found(TokenInput input)
    {
        Token token = input.Token;
        return token.Kind switch
        {
            TokenKind.End => "the end of the file",
            TokenKind.NewLine => "the end of the line",
            TokenKind.String => "a string",
            _ => Quoted(token.Text),
        };
    }

    /// <summary>What stands before this place.</summary>
    public static string Before(TokenInput input)
    {
        int end = input.LastEnd;
        int index = input.Index - 1;
        while (index >= 0 && input.Session.Tokens[index].Span.End != end)
        {
            index--;
        }

        return index < 0 ? "the start of the file" : Quoted(input.Source.Substring(input.Session.Tokens[index].Span.Start, input.Session.Tokens[index].Span.Length));
    }

    public static string Closer(TokenKind opener) => opener switch
    {
        TokenKind.OpenParen => ")",
        TokenKind.OpenBracket => "]",
        _ => "}",
    };

    public static TokenKind CloserKind(TokenKind opener) => opener switch
    {
        TokenKind.OpenParen => TokenKind.CloseParen,
        TokenKind.OpenBracket => TokenKind.CloseBracket,
        _ => TokenKind.CloseBrace,
    };
}
