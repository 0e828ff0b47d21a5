using static GenDsl.Dsl.Parsing.TokenKind;

namespace GenDsl.Dsl.Parsing;

/// <summary>The sets the grammar asks about.</summary>
internal static class TokenSets
{
    public static readonly TokenSet PipeOperators = new(Pipe);
    public static readonly TokenSet ComparisonOperators = new(EqualsEquals, NotEquals, Less, LessEquals, Greater, GreaterEquals);
    public static readonly TokenSet SumOperators = new(Plus, Minus);
    public static readonly TokenSet ProductOperators = new(Star, Slash, Percent);
    public static readonly TokenSet Rebindings = new(PlusEquals, MinusEquals, StarEquals, SlashEquals, PipeEquals);

    /// <summary>A newline after one of these does not end the statement.</summary>
    public static readonly TokenSet Unfinished = ComparisonOperators.With(SumOperators).With(ProductOperators).With(Rebindings)
        .With(new(Pipe, Caret, Comma, TokenKind.Equals, ColonEquals, Tilde, DotDot, Arrow, FatArrow));

    /// <summary>A newline before one of these does not end the statement.</summary>
    public static readonly TokenSet Continuing = new(Pipe, Plus, Star, Slash);

    /// <summary>Behind a word at the start of a line these show a new statement.</summary>
    public static readonly TokenSet StatementMarks = Rebindings.With(new(TokenKind.Equals, ColonEquals, Tilde, Colon));

    /// <summary>What an operand begins with when a word stands before it and no operator between: two operands in a row.</summary>
    public static readonly TokenSet Operands = new(Word, Number, String);

    public static readonly TokenSet ExpressionStarts = new(Word, Number, String, OpenParen, Minus);
    public static readonly TokenSet TypeStarts = new(Word, OpenParen, OpenBracket, OpenBrace);
    public static readonly TokenSet WordStarts = new(Word);
    public static readonly TokenSet StatementEnds = new(NewLine, Semicolon, CloseBrace, End, DeclarationWord);

    /// <summary>No expression, no list runs past these, even a broken one.</summary>
    public static readonly TokenSet Walls = new(NewLine, OpenBrace, CloseBrace, End, DeclarationWord);
    public static readonly TokenSet ExpressionEnds = Walls.With(new(Comma, Semicolon, CloseParen, CloseBracket));
}
