namespace GenDsl.Dsl.Parsing;

/// <summary>A set of token kinds as bits.</summary>
internal readonly struct TokenSet
{
    private readonly ulong _bits;

    public TokenSet(params TokenKind[] kinds)
    {
        foreach (TokenKind kind in kinds)
        {
            _bits |= 1UL << (int)kind;
        }
    }

    private TokenSet(ulong bits) => _bits = bits;

    public bool Has(TokenKind kind) => (_bits & (1UL << (int)kind)) != 0;

    public TokenSet With(TokenSet other) => new(_bits | other._bits);
}
