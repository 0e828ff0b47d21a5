using System.Collections.Generic;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Text;
using Sprache;

namespace GenDsl.Dsl.Parsing;

/// <summary>
/// A place in a text as Sprache wants it, except that one step is one token. Immutable; also carries what depends on where
/// the place stands: how deep it is nested, and whether line ends are blanks (in headers).
/// </summary>
internal sealed class TokenInput : IInput
{
    private Dictionary<object, object>? _memos;

    public TokenInput(ParseSession session, int index, int depth, bool inHeader)
    {
        Session = session;
        Depth = depth;
        InHeader = inHeader;
        Index = inHeader && session.Tokens[index].Kind == TokenKind.NewLine ? index + 1 : index;
        Token = session.Tokens[Index];
    }

    public ParseSession Session { get; }

    public int Index { get; }

    public int Depth { get; }

    public bool InHeader { get; }

    public Token Token { get; }

    public TokenKind Kind => Token.Kind;

    /// <summary>The token one further on.</summary>
    public Token Following => Peek(1);

    /// <summary>Where the last token before this place ends.</summary>
    public int LastEnd
    {
        get
        {
            int index = Index - 1;
            while (index >= 0 && Session.Tokens[index].Kind == TokenKind.NewLine)
            {
                index--;
            }

            return index < 0 ? 0 : Session.Tokens[index].Span.End;
        }
    }

    /// <summary>An empty span behind the last token: where something is missing.</summary>
    public TextSpan Gap => new(LastEnd, 0);

    /// <summary>The place to complain about: the token, or the gap where the token stands on a later line.</summary>
    public TextSpan Trouble => Kind is TokenKind.NewLine or TokenKind.End || (Token.IsFirstOnLine && Index > 0) ? Gap : Token.Span;

    public bool IsTooDeep => Depth >= ParseSession.MaxDepth;

    public bool IsQuiet => Session.IsQuietAt(Index);

    public string Source => Session.Source.Text;

    public char Current => AtEnd ? '\0' : Source[Position];

    public bool AtEnd => Kind == TokenKind.End;

    public int Position => Token.Span.Start;

    public int Line => Session.Source.Lines.PositionOf(Position).Line + 1;

    public int Column => Session.Source.Lines.PositionOf(Position).Column + 1;

    public IDictionary<object, object> Memos => _memos ??= [];

    public IInput Advance() => Next();

    public TokenInput Next() => AtEnd ? this : At(Index + 1);

    public TokenInput At(int index) => new(Session, index, Depth, InHeader);

    public TokenInput Deeper() => WithDepth(Depth + 1);

    public TokenInput WithDepth(int depth) => new(Session, Index, depth, InHeader);

    public TokenInput WithHeader(bool inHeader) => inHeader == InHeader ? this : new(Session, Index, Depth, inHeader);

    public Token Peek(int ahead)
    {
        int index = System.Math.Min(Index + ahead, Session.Tokens.Length - 1);
        return Session.Tokens[index];
    }

    /// <summary>What a node covers that began here and ends before <paramref name="end"/>.</summary>
    public TextSpan To(TokenInput end) => end.LastEnd <= Position ? Gap : TextSpan.FromBounds(Position, end.LastEnd);

    /// <summary>Reports unless this token has had its complaint.</summary>
    public void Report(GenDiagnostic diagnostic)
    {
        Session.Complaints++;
        if (!IsQuiet)
        {
            Session.Diagnostics.Add(diagnostic);
            Session.Quieten(Index);
        }
    }

    public bool Equals(IInput? other) => other is TokenInput input && input.Session == Session && input.Index == Index;

    public override bool Equals(object? obj) => Equals(obj as IInput);

    public override int GetHashCode() => Index;
}
