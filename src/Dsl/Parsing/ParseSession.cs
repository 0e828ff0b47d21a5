using System.Collections.Generic;
using System.Linq;
using System.Threading;
using GenDsl.Dsl.Diagnostics;
using GenDsl.Dsl.Syntax;
using GenDsl.Dsl.Text;

namespace GenDsl.Dsl.Parsing;

/// <summary>What all positions of one parse share.</summary>
internal sealed class ParseSession
{
    /// <summary>Most constructs inside each other: brackets, blocks, signs, conditionals.</summary>
    public const int MaxDepth = 200;

    /// <summary>Tallest expression: also bounds chains such as <c>a + b + c</c>, whose trees lean as deep as they are long.</summary>
    public const int MaxHeight = 500;

    private int _quietAt = -1;
    private List<int>? _landmarks;

    public ParseSession(GenSource source, DiagnosticBag diagnostics, CancellationToken cancel)
    {
        Source = source;
        Diagnostics = diagnostics;
        Cancel = cancel;
        List<Token> tokens = Lexer.Scan(source, diagnostics);
        BracketMatcher.Match(tokens);
        Tokens = LineEnds.Settle(tokens);
    }

    public GenSource Source { get; }

    public DiagnosticBag Diagnostics { get; }

    public CancellationToken Cancel { get; }

    public Token[] Tokens { get; }

    /// <summary>Declarations found inside blocks; they are reported there and kept here, so that their names are known.</summary>
    public List<DeclarationSyntax> Misplaced { get; } = [];

    /// <summary>Height of the expression, or of the tallest of the list, parsed last.</summary>
    public int Height { get; set; }

    /// <summary>Whether a <c>}</c> without partner stands ahead in this declaration: then a missing <c>{</c> is all that is missing of its block.</summary>
    public bool HasStrayBrace(int index)
    {
        _landmarks ??= [.. Enumerable.Range(0, Tokens.Length).Where(i => IsLandmark(Tokens[i]))];
        int slot = _landmarks.BinarySearch(index);
        int next = slot >= 0 ? slot : ~slot;
        return next < _landmarks.Count && Tokens[_landmarks[next]].Kind == TokenKind.CloseBrace;
    }

    /// <summary>False where something was reported already: a second complaint at the same token is an echo of the first.</summary>
    public bool IsQuietAt(int index) => index == _quietAt || Tokens[index].IsSuspect;

    /// <summary>Number of complaints so far, those that were swallowed included.</summary>
    public int Complaints { get; set; }

    /// <summary>The number of complaints when the present header began.</summary>
    public int HeaderMark { get; set; }

    /// <summary>Swallows complaints about the token where reading goes on.</summary>
    public void Quieten(int index) => _quietAt = index;

    private static bool IsLandmark(Token token) =>
        token.Kind == TokenKind.DeclarationWord || (token.Kind == TokenKind.CloseBrace && token.Match < 0);
}
